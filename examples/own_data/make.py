"""Makes the data of the page "Your own data", to try its commands: photos of fruit, arrays and tables.

python make.py [FOLDER]      (without one, into the current folder)
"""

import csv
import shutil
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

FRUIT = {"apple": 121, "banana": 90, "lemon": 40}
"""Photos of each."""
FLATS, LEAVES = 400, 300


def main(root: Path) -> None:
    """Make all of it. Nothing that is there is replaced."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "photos").mkdir()
    rng = np.random.default_rng(1)
    photos(root / "photos", rng)
    arrays(root)
    flats(root, rng)
    leaves(root / "leaves.tsv", rng)
    garden(root / "garden")


# Photos --------------------------------------------------------------


def photos(folder: Path, rng: np.random.Generator) -> None:
    """A folder for each fruit. As is to be expected of photos, sizes differ, one is broken, and one is there twice."""
    for name, count in FRUIT.items():
        (folder / name).mkdir()
        for number in range(count):
            photo(name, rng).save(folder / name / f"{name}{number}.jpg", quality=90)
    whole = (folder / "lemon" / "lemon0.jpg").read_bytes()
    (folder / "lemon" / "lemon41.jpg").write_bytes(whole[: len(whole) // 2])
    shutil.copy(folder / "banana" / "banana6.jpg", folder / "banana" / "banana7.jpg")
    (folder / "pear").mkdir()
    (folder / "notes.txt").write_text("taken in the garden\n")


def photo(name: str, rng: np.random.Generator) -> Image.Image:
    """A fruit somewhere on a table or in the grass, out of focus and noisy."""
    width, height = (int(side) for side in rng.integers(62, 199, 2))
    ground = rng.integers(40, 200, 3) // 2
    image = Image.new("RGB", (width, height), tuple(ground.tolist()))
    side = int(min(width, height) * rng.uniform(0.6, 0.95))
    fruit = drawn(name, side, rng).rotate(float(rng.uniform(0, 360)))
    rooms = (width - side, height - side)
    image.paste(fruit, tuple(int(rng.integers(0, room + 1) + room // 2) // 2 for room in rooms), fruit)
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.5, 2))))) + rng.normal(0, 10, 3)
    return Image.fromarray(np.clip(pixels + rng.normal(0, 12, pixels.shape), 0, 255).astype("u1"))


def drawn(name: str, side: int, rng: np.random.Generator) -> Image.Image:
    """A fruit alone, (side, side), on nothing."""
    image = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(image)
    red, yellow = int(rng.integers(130, 230)), int(rng.integers(180, 250))
    if name == "apple":
        draw.line((side / 2, 0, side / 2, side / 4), (90, 60, 30), max(side // 15, 1))
        draw.ellipse((side * 0.12, side * 0.15, side * 0.88, side * 0.9), (red, int(rng.integers(30, 190)), 50))
    elif name == "banana":
        box, thick = (side * 0.1, -side * 0.5, side * 0.9, side * 0.8), max(side // 5, 2)
        draw.arc(box, 20, 160, (yellow, yellow - 30, 60), thick)
    else:
        draw.ellipse((side * 0.1, side * 0.42, side * 0.9, side * 0.58), (yellow - 20, yellow - 30, 50))
        draw.ellipse((side * 0.2, side * 0.25, side * 0.8, side * 0.75), (yellow, yellow - 10, 70))
    return image


# Arrays --------------------------------------------------------------


def arrays(root: Path) -> None:
    """Tones of red, green and blue; and two archives that cannot be learnt from."""
    rng = np.random.default_rng(1)
    bright = rng.integers(0, 256, (300, 1, 1, 3))
    images = np.clip(bright + rng.normal(0, 20, (300, 24, 32, 3)), 0, 255).astype("u1")
    labels = np.where(bright[:, 0, 0].argmax(1) == 0, "red", np.where(bright[:, 0, 0].argmax(1) == 1, "green", "blue"))
    np.savez(root / "tones.npz", x_train=images[:250], y_train=labels[:250], x_val=images[250:], y_val=labels[250:])
    np.savez(root / "odd.npz", x=images.repeat(2, axis=0)[:500], y=np.arange(400) % 3)
    np.savez(root / "objects.npz", x=np.array([{}, []], dtype=object), y=np.arange(2))


# Tables --------------------------------------------------------------


def flats(root: Path, rng: np.random.Generator) -> None:
    """What flats are let for: by area and rooms, more in the centre, and a little by chance; some cells are empty."""
    rows = []
    for number in range(1, FLATS + 1):
        area, rooms = round(float(rng.uniform(25, 140)), 1), int(rng.integers(1, 7))
        district, built = ("Centre", "Harbour", "North")[rng.integers(3)], int(rng.integers(1900, 2024))
        rent = area * 10 + rooms * 30 + 240 * (district == "Centre") + rng.normal(0, 40)
        known = rng.random(2) > (0.03, 0.07)
        rows.append([number, area, rooms, district if known[0] else "", built if known[1] else "", round(rent)])
    with (root / "flats.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["id", "area", "rooms", "district", "built", "rent"], *rows])
    (root / "new-flats.csv").write_text("area,rooms,district,built\n70,3,North,1990\n70,3,Centre,1990\n120,4,,\n")


def leaves(file: Path, rng: np.random.Generator) -> None:
    """Two lengths of leaves, in centimetres, and which tree they are of."""
    lines = ["width\tlength\tkind"]
    for number in range(LEAVES):
        kind = number % 3
        width, length = rng.normal((2.5 + 2 * kind, 4 + 2 * (kind % 2)), (0.5, 0.6))
        lines.append(f"{width:.2f}\t{length:.2f}\t{('beech', 'oak', 'maple')[kind]}")
    file.write_text("\n".join(lines) + "\n")


def garden(folder: Path) -> None:
    """A preset whose data are the photos beside it."""
    folder.mkdir()
    shutil.copy(Path(__file__).with_name("fruit.toml"), folder)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
