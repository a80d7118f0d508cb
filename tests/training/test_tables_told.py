"""What a run tells of the table that it learns; nothing is trained here."""

from pathlib import Path

from gan_tui import presets
from gan_tui.training.models.tables import table_dataset, told


def test_a_missing_value_is_told_at_the_mean_which_the_network_was_given(tmp_path: Path) -> None:
    rows = [f"{100 + 2 * n},{n}.5" for n in range(21)]
    table = tmp_path / "t.csv"
    table.write_text("\n".join(["dose,effect", *rows, ",7.5"]) + "\n")
    preset = presets.find("regression").with_settings({"data": str(table), "validation_split": 0, "batch_size": 4})
    found = told(table_dataset(preset))
    assert found["x"][:2] == [100.0, 102.0] and found["x"][-1] == 120.0


def test_numbers_that_are_all_the_same_in_the_training_part_alone_are_said(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    rows = [f"{n * 1.5},{1e6 if n == 8 else 0},{n}.5" for n in range(40)]
    table.write_text("\n".join(["dose,lift,effect", *rows]) + "\n")
    preset = presets.find("regression").with_settings({"data": str(table), "validation_split": 0.5, "batch_size": 4})
    why = "the numbers are all the same in the training part, and others are held back"
    said = f"nothing can be learnt from lift: {why}"
    datasets = [table_dataset(preset.with_settings({"seed": seed})) for seed in range(8)]
    held = [8 in dataset.held_back for dataset in datasets]
    assert [said in dataset.notes for dataset in datasets] == held and len(set(held)) == 2
