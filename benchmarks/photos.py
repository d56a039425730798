"""python -m benchmarks.photos: how much memory it takes to draw the largest photos anew, each in a process of its own.

The figures stand in docs/operations.md. They depend on no clock, and hardly on the machine (Linux). Making the HEIC takes minutes.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

PEAK = """
import resource, sys
import django
django.setup()
from core.images import redraw
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
with open(sys.argv[1], "rb") as stream:
    picture = redraw(stream)
print(f"{peak() - before} MB more than {before} MB, kept with {picture.width} x {picture.height}")
"""
SIDES, PNG_SIDES = (8940, 6705), (7300, 5475)  # 60 and 40 million pixels


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("photo.jpg", "progressive.jpg", "photo.heic", "see-through.png"):
            path = Path(folder) / name
            subprocess.run([sys.executable, "-m", "benchmarks.photos", "make", str(path)], check=True)
            environment = {"DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1", "PATH": ""}
            told = subprocess.run(
                [sys.executable, "-c", PEAK, str(path)],
                check=True, capture_output=True, text=True, env=environment,
            )  # fmt: skip
            print(f"{name}: {told.stdout.strip()}", flush=True)


def make(path: Path) -> None:
    from PIL import Image
    from pillow_heif import register_heif_opener

    register_heif_opener()
    sides = PNG_SIDES if path.suffix == ".png" else SIDES
    bands = [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.effect_noise((1000, 750), 60)]
    image = Image.merge("RGB", [band.resize(sides) for band in bands])
    if path.suffix == ".png":
        image.putalpha(bands[0].resize(sides))
        image.save(path, compress_level=1)
    else:
        image.save(path, quality=70, **({"progressive": True} if path.stem == "progressive" else {}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        make(Path(sys.argv[2]))
    else:
        main()
