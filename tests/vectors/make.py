#!/usr/bin/env python3
"""Writes versions/{pep440,semver,dpkg,rpm}.tsv: pairs of versions and how each ecosystem's own program orders them.

Every line is `a`, `<` `=` or `>`, `b`. The pairs are the same on every run. Other judges are asked too; README.md says where
they differ. Needs packaging, univers and semver (PyPI), python3-rpm, and the programs dpkg, node and npm:

    python3 -m venv --system-site-packages /tmp/judges    # the Python that python3-rpm belongs to
    /tmp/judges/bin/pip install packaging==26.4 univers==32.0.1 semver==3.1.2
    /tmp/judges/bin/python tests/vectors/make.py
"""
import collections
import itertools
import json
import pathlib
import random
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import packaging.version
import rpm
import semver
import univers.versions

PAIRS = 5_500
EXAMPLES = 12  # printed of each difference
HERE = pathlib.Path(__file__).parent / "versions"

# Awkward ones, each compared with each.
BY_HAND = {
    "pep440": """0 0.0 1 1.0 1.0.0 v1.0 V1.0 01.0 1.00 1.0.0.1 1.dev0 1.0.dev1 1.0a 1.0a0 1.0.a.0 1.0-alpha 1.0_ALPHA_0 1.0a1 1.0a1.dev2
        1.0a1.post1 1.0a1.post1.dev3 1.0b2 1.0.beta.2 1.0c1 1.0rc1 1.0pre1 1.0-preview-1 1.0.post 1.0.post0 1.0-0 1.0-1 1.0rev1 1.0.r1
        1.0.post1.dev0 1.0+a 1.0+A 1.0+1 1.0+01 1.0+a.1 1.0+a-1 1.0+a_1 1.0+a.b 1.0+1.a 1.0+10 1.0+9 1.0+cu121 1.0+cu118 1.0.post1+x
        1.0a1+x 0!1.0 1!0 1!0.1.dev0 2 10 2.2.0rc1 2.2 20240101 9999999999999999999.1""",
    "semver": """0.0.0-0 0.0.0 0.0.1 0.1.0 1.0.0-0 1.0.0-1 1.0.0-2 1.0.0-10 1.0.0-a 1.0.0-A 1.0.0-a.1 1.0.0-a.a 1.0.0-a.1.0 1.0.0-a1 1.0.0-a-1
        1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0-0a 1.0.0-00a 1.0.0-1a 1.0.0-- 1.0.0---
        1.0.0--1 1.0.0 v1.0.0 1.0.0+b 1.0.0+b.1 1.0.0+001 1.0.0-a+b 1.0.0-a+c 1.0.1-0 1.0.1 1.0.10 1.0.9 1.2.0 1.10.0 2.0.0-0 2.0.0 10.0.0
        0.0.0-20200101000000-abcdefabcdef 0.0.0-20200102000000-0bcdefabcdef 1.2.3-0.20200101000000-abcdefabcdef 2.0.0+incompatible""",
    "dpkg": """0 0~ 0~~ 1 1.0 1.0-0 1.0-00 1.0-1 1.00 01.0 1. 1.0. 1.0~ 1.0~~ 1.0~~a 1.0~a 1.0~rc1 1.0~rc1-1 1.0a 1.0A 1.0z 1.0+ 1.0+b 1.0+b1 1.0.a
        1.0-1+b1 1.0-1~bpo12+1 1.0-1ubuntu1 1.0-1.1 1.0-1-1 1.0-0-0 0:1.0 00:1.0 1:0 1:1:0 01:0 10:0 2:0 1.0-a 1.0-~ 1.0-+ 1.0-1a 1.0-1.
        2.36-9+deb12u4 2.36-9+deb12u10 99999999999999999999 100000000000000000000 3.0.11-1~deb12u2 1.0+dfsg-1 1.0+dfsg1-1 1.0+git20200101.abc""",
    "rpm": """0 0-0 1 1.0 1.0-1 1.0-01 1.0-2 1.00 01.0 1.0. 1.0.0 1.0~ 1.0~rc1 1.0~rc1-1 1.0~rc2 1.0~~ 1.0~rc1^git1 1.0^ 1.0^git1 1.0^git1~pre
        1.0^git1-1 1.0^20210501 1.0.1 1.0.1^git1 1.0a 1.0A 1.0z 1.0.a 1.a 1a 10 9 1_0 1+0 1..0 1._0 1.0-1.el9 1.0-1.el9_2 1.0-1.el9_10 1.0-1.el8
        0:1.0 00:1.0 1:0 01:0-1 2:0 10:0 :1.0 1.0-1~ 1.0-1^ 1.0-a 3.0.7-18.el9_2 3.0.7-25.el9_3 xyz10 xyz10.1 6.0.rc1 6.0 20101121 20101122
        99999999999999999999 100000000000000000000 1-2-3 1.0.0-1 1.0.0~-1 1.0.0^-1""",
}


def pick(rng, often, *seldom):
    """The first in half of the cases."""
    return often if rng.random() < 0.5 else rng.choice(seldom)


def number(rng):
    return rng.choice(["0", "1", "2", "9", "10", "11", "00", "01", "010", "100"])


def pep440(rng):
    sep = lambda: rng.choice(["", ".", "-", "_"])
    some = lambda: rng.choice(["", sep() + number(rng)])
    word = lambda *words: (lambda w: rng.choice([w, w.upper()]))(rng.choice(words))
    local = lambda: rng.choice(["a", "b", "A", "cu118", "cu121", number(rng)])
    parts = [
        pick(rng, "", "v", "V"),
        pick(rng, "", "0!", "1!", "01!"),
        ".".join(number(rng) for _ in range(rng.choice([1, 2, 2, 3, 4]))),
        pick(rng, "", sep() + word("a", "alpha", "b", "beta", "c", "rc", "pre", "preview") + some()),
        pick(rng, "", sep() + word("post", "rev", "r") + some(), "-" + number(rng)),
        pick(rng, "", sep() + word("dev") + some()),
        pick(rng, "", "+" + rng.choice([".", "-", "_"]).join(local() for _ in range(rng.choice([1, 1, 2, 3])))),
    ]
    return "".join(parts)


def semantic(rng):
    plain = lambda: rng.choice(["0", "1", "2", "9", "10", "11"])
    mark = lambda: rng.choice([plain(), "a", "b", "A", "alpha", "rc", "rc1", "0a", "1-", "-", "-1", "x-y", "20200101"])
    build = lambda: rng.choice([mark(), "001", "00"])
    marks = lambda of: ".".join(of() for _ in range(rng.choice([1, 1, 2, 3])))
    return pick(rng, "", "", "", "v") + ".".join(plain() for _ in range(3)) + pick(rng, "-" + marks(mark), "") + pick(rng, "", "+" + marks(build))


def of_characters(rng, letters, n):
    piece = lambda: rng.choice([number(rng), number(rng), rng.choice(letters)])
    return "".join(piece() for _ in range(rng.randint(1, n)))


def dpkg(rng):
    letters = ["a", "b", "Z", "rc", "~", "~", "~~", "+", ".", ".", "-", "dfsg", "+deb12u"]
    upstream = number(rng) + pick(rng, of_characters(rng, letters, 5), "")
    revision = pick(rng, "-" + of_characters(rng, [c for c in letters if c != "-"], 4), "")
    epoch = pick(rng, "", "", "0:", "1:", "00:", "01:")
    return epoch + upstream + revision


def red_hat(rng):
    letters = ["a", "b", "Z", "rc", "~", "~", "^", "^", ".", ".", "_", "+", "el", "..", "git"]
    version = number(rng) + pick(rng, of_characters(rng, letters, 5), "")
    return pick(rng, "", "", "0:", "1:", "01:") + pick(rng, version, version, version, "a" + version) + pick(rng, "-" + of_characters(rng, letters, 4), "")


def neighbour(rng, version):
    """The same with one character more, less, other, or twice: most orders are decided late."""
    at = rng.randrange(len(version))
    other = rng.choice(version + "019a.~-+")
    return rng.choice([version[:at] + other + version[at:], version[:at] + version[at + 1 :], version[:at] + other + version[at + 1 :]])


def by_order(read):
    """A judge from what reads one version: the relation, or why it refuses."""

    def judge(a, b):
        try:
            a, b = read(a), read(b)
            return "<" if a < b else ">" if b < a else "="
        except (ValueError, TypeError) as refusal:
            return type(refusal).__name__

    return lambda pairs: [judge(a, b) for a, b in pairs]


def real_dpkg(pairs):
    def judge(pair):
        answers = {}
        for word, relation in ("lt", "<"), ("eq", "="), ("gt", ">"):
            done = subprocess.run(["dpkg", "--compare-versions", pair[0], word, pair[1]], capture_output=True, check=False)
            if done.stderr or done.returncode > 1:
                return "refused"
            answers[relation] = done.returncode == 0
        (relation,) = [relation for relation, holds in answers.items() if holds]
        return relation

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(judge, pairs))


def real_npm(pairs):
    script = """
        const semver = require(process.argv[1] + "/npm/node_modules/semver");
        const judge = ([a, b]) => semver.valid(a) && semver.valid(b) ? "<=>"[semver.compare(a, b) + 1] : "refused";
        console.log(JSON.stringify(JSON.parse(require("fs").readFileSync(0)).map(judge)));
    """
    modules = subprocess.check_output(["npm", "root", "-g"], text=True).strip()
    return json.loads(subprocess.check_output(["node", "-e", script, modules], input=json.dumps(pairs), text=True))


# The ecosystem's own judge, then the others.
JUDGES = {
    "pep440": (pep440, ("packaging", by_order(packaging.version.Version)), ("univers", by_order(univers.versions.PypiVersion))),
    "semver": (
        semantic,
        ("npm's semver", real_npm),
        ("univers", by_order(univers.versions.SemverVersion)),
        ("python-semver", by_order(lambda version: semver.Version.parse(version.removeprefix("v")))),
    ),
    "dpkg": (dpkg, ("dpkg", real_dpkg), ("univers", by_order(univers.versions.DebianVersion))),
    "rpm": (red_hat, ("rpm", by_order(rpm.ver)), ("univers", by_order(univers.versions.RpmVersion))),
}


def pairs_of(name, make):
    rng = random.Random(name)
    pairs = list(itertools.combinations(BY_HAND[name].split(), 2))
    while len(pairs) < 3 * PAIRS:
        a = make(rng)
        b = neighbour(rng, a) if rng.random() < 0.6 else make(rng)
        if rng.random() < 0.3:
            b = neighbour(rng, b or a)
        if a != b and a and b:
            pairs.append((a, b))
    return list(dict.fromkeys(pairs))


def fits(name, version):
    """Whether it is a version at all, where the judge takes more: dpkg an epoch with a sign, rpm any text whatever."""
    if name == "dpkg":
        return version[0] not in "+-"
    if name == "rpm":  # an epoch of digits, a digit in the version; `~1` and `^1` are ranges to everybody else
        parts = re.fullmatch(r"(?:[0-9]*:)?([A-Za-z0-9._+~^-]*?)(?:-[A-Za-z0-9._+~^]+)?", version)
        return parts and any(c.isdigit() for c in parts[1]) and not parts[1].endswith("-") and version[0] not in "~^"
    return True


def main():
    for name, (make, (own, judge), *others) in JUDGES.items():
        pairs = [pair for pair in pairs_of(name, make) if all(fits(name, version) for version in pair)]
        judged = [(a, relation, b) for (a, b), relation in zip(pairs, judge(pairs)) if relation in "<=>"][:PAIRS]
        (HERE / f"{name}.tsv").write_text("".join(f"{a}\t{relation}\t{b}\n" for a, relation, b in judged))
        print(f"{name}: {len(judged)} pairs by {own}, {dict(collections.Counter(relation for _, relation, _ in judged))}")
        for other, ask in others:
            answers = ask([(a, b) for a, _, b in judged])
            differ = [(*line, answer) for line, answer in zip(judged, answers) if answer != line[1]]
            print(f"  {other} differs in {len(differ)}: {dict(collections.Counter(line[3] for line in differ))}")
            for line in differ[:: max(1, len(differ) // EXAMPLES)]:
                print("    ", *line)


main()
