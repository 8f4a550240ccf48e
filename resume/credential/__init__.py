"""The pass as a credential: number, token, keys, status list, check.

Pure: no Flask, no database, no clock. Moments and secrets are arguments. Everything a gate must be
able to judge without a network is in here, and the browser's checker follows the same vectors
(`tests/vectors/token-*.json`).

    number.py   pass number and its check character
    payload.py  what a pass says; how long names are cut
    claims.py   payload <-> deterministic CBOR claims
    cose.py     the strict COSE_Sign1 profile shared by tokens, key lists and status lists
    base32.py   bytes as they stand in a QR
    phone.py    the key of a pass on a phone, and its proof of each half minute
    token.py    mint, text of the QR, parse
    keys.py     which key may sign what; the signed key list
    status.py   IETF Token Status List, CWT form
    indices.py  pass serial -> shard and index, unguessable and without collisions
    codes.py    reason codes and their sentences
    check.py    the checks in their order, and the answer
"""
