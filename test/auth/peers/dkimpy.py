# Signs and verifies with dkimpy. The first line has the DNS; each further line is a question.
import base64
import json
import sys

import dkim

records = json.loads(sys.stdin.readline())


def txt(name, timeout=5):
    found = records.get(name.decode().rstrip("."))
    return None if found is None else found.encode()


for line in sys.stdin:
    question = json.loads(line)
    raw = base64.b64decode(question["raw"])
    try:
        if question["do"] == "sign":
            signer = dkim.DKIM(raw, signature_algorithm=question["algorithm"].encode())
            signer.should_not_sign = set()
            field = signer.sign(
                question["selector"].encode(),
                question["domain"].encode(),
                question["key"].encode(),
                canonicalize=(question["header"].encode(), question["body"].encode()),
                include_headers=[name.encode() for name in question["names"]],
            )
            print(base64.b64encode(field).decode())
        elif question["do"] == "verify arc":
            status, _, reason = dkim.arc_verify(raw, dnsfunc=txt)
            print("pass" if status == b"pass" else f"{status!r} {reason}")
        else:
            verifier = dkim.DKIM(raw)
            print("pass" if verifier.verify(dnsfunc=txt) else "fail")
    except Exception as problem:
        print(f"{type(problem).__name__}: {problem}".replace("\n", " "))
