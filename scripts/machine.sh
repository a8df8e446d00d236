#!/usr/bin/env bash
# Finds what the product and its tests need from the machine, installs it by apt where that is allowed, and says so when it can't.
# Ends with 0 when it is there, 3 when it is not; in CI with 1, because there every test must run.
set -u

case "${1:-}" in
    chromium) package=chromium; name="Chromium"; present() { command -v chromium chromium-browser google-chrome >/dev/null; } ;;
    libreoffice) package=libreoffice-calc-nogui; name="LibreOffice"; present() { command -v soffice libreoffice >/dev/null; } ;;
    postgresql) package=postgresql; name="PostgreSQL"; present() { compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; } ;;
    venv) package=python3-venv; name="Python's venv"; present() { "${PYTHON:-python3}" -c "import ensurepip"; } 2>/dev/null ;;
    *) echo "usage: $0 chromium|libreoffice|postgresql|venv" >&2; exit 2 ;;
esac

present && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $name by apt …"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package"; } >/dev/null 2>&1
    present && exit 0
fi

if [ "$1" = venv ]; then
    echo "$name is not on this machine: install the Debian package $package."
    exit 1
fi
echo "NOT RUN: the tests that need $name, which is not on this machine (Debian package $package)."
case "${CI:-}" in true | 1) exit 1 ;; esac
exit 3
