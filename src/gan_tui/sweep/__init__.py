"""Many trainings of one preset: what is combined, what became of each, who trains them. No Keras and no screen here."""
