"""What peers need: Debian's packages, installed when they are missing, and what is put under .build and stays there."""
import glob
import os
import shutil
import subprocess
import sys

import processes

FOLDER = os.path.join(processes.ROOT, ".build", "bench")
PYTHON = ["uvicorn==0.54.0", "uvloop==0.23.0", "httptools==0.9.0", "h11==0.16.0", "click==8.5.1"]
MODULES = "/usr/share/nodejs"


class Missing(Exception):
    """A peer cannot be had here; the run goes on without it."""


tried = {}


def debian(package):
    """Installs a Debian package that a peer needs; tried once a run."""
    if package not in tried:
        done = subprocess.run(
            [os.path.join(processes.ROOT, ".ci", "install"), package], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        said = done.stderr.strip().splitlines() or ["no reason was given"]
        tried[package] = None if done.returncode == 0 else said[-1]
    if tried[package]:
        raise Missing(f"{package} cannot be installed: {tried[package]}")


def program(pattern, package):
    """The last program of this name, for which a package is installed if need be."""
    folders = [*os.environ["PATH"].split(":"), "/usr/sbin", "/usr/bin"]
    for is_last in (False, True):
        found = sorted(path for folder in folders for path in glob.glob(os.path.join(folder, pattern)))
        if found:
            return found[-1]
        if not is_last:
            debian(package)
    raise Missing(f"{package} has no {pattern}")


def nginx():
    return program("nginx", "nginx-light")


def node():
    return program("node", "nodejs")


def php_fpm():
    return program("php-fpm*", "php-fpm")


def python():
    """The Python of an environment of its own that has uvicorn, in these versions."""
    home = os.path.join(FOLDER, "python")
    program, list_path = os.path.join(home, "bin", "python"), os.path.join(home, "installed")
    wanted = "\n".join(PYTHON)
    if os.path.exists(list_path) and open(list_path).read() == wanted:
        return program
    print("installing uvicorn", file=sys.stderr)
    shutil.rmtree(home, ignore_errors=True)
    # Debian's Python has what makes environments in a package of its own.
    if subprocess.run([sys.executable, "-m", "ensurepip", "--version"], capture_output=True).returncode != 0:
        debian("python3-venv")
    _try([sys.executable, "-m", "venv", home], "uvicorn")
    _try([program, "-m", "pip", "install", "--quiet", *PYTHON], "uvicorn")
    with open(list_path, "w") as out:
        out.write(wanted)
    return program


def node_environment(module):
    """The environment in which Node finds a Debian module, installed or unpacked under .build.

    Debian's node-pg depends through others on Debian's own nodejs, and so cannot be installed beside another one:
    then it and what it really loads are unpacked.
    """
    environment = {"NODE_ENV": "production", "NODE_PATH": MODULES}
    if _finds(module, environment):
        return environment
    if module != "pg":
        debian(f"node-{module}")
        if not _finds(module, environment):
            raise Missing(f"node-{module} does not load")
        return environment
    home = os.path.join(FOLDER, "node")
    environment["NODE_PATH"] = f"{home}{MODULES}:{MODULES}"
    if not _finds(module, environment):
        print("unpacking node-pg", file=sys.stderr)
        shutil.rmtree(home, ignore_errors=True)
        os.makedirs(home)
        _try(["apt-get", "download", "-qq", "node-pg", "node-split2", "node-xtend"], "node-pg", cwd=home)
        for package in glob.glob(os.path.join(home, "*.deb")):
            _try(["dpkg", "-x", package, home], "node-pg")
        if not _finds(module, environment):
            raise Missing("node-pg does not load")
    return environment


def _finds(module, environment):
    command = [node(), "-e", f"require('{module}')"]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True).returncode == 0


def _try(command, what, cwd=None):
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise Missing(f"{what} cannot be installed: {done.stderr.strip()[-300:]}")
