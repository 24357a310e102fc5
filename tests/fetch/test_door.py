import subprocess
import sys


def test_the_room_knows_nothing_of_django() -> None:
    script = "import sys, articles.fetch; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
