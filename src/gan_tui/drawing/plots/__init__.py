"""Numbers as charts, bars, matrices and surfaces. Pure: numbers in, cells out."""
