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
