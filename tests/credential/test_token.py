from __future__ import annotations

import base64
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import cbor2
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from resume.credential.claims import decode_claims, encode_claims
from resume.credential.cose import Malformed, is_signed_by
from resume.credential.keys import KeyState, kid_of
from resume.credential.number import pass_number
from resume.credential.payload import DOCUMENT_TYPES, PROFILES, Claims, PassPayload
from resume.credential.token import (
    PHONE_TOKEN_BUDGET,
    TOKEN_BUDGET,
    TooLong,
    fit,
    mint,
    mint_all,
    parse,
    qr_parts,
    qr_text,
)
from tests.credential.lax import lax_messages
from tests.credential.samples import ACTIVE, CLAIMS, KEYS, PHONE_KEY, PUBLIC_URL, claims_with, entry, signer
from tests.credential.samples import certificate as certificate_of

PUBLIC_KEY = entry(ACTIVE, KeyState.ACTIVE, CLAIMS.iat).public_key
TOKEN = mint(CLAIMS, signer(ACTIVE))


def is_accepted(message: bytes) -> bool:
    """Shape and signature, as a checker that knows the key asks."""
    try:
        token = parse(message)
    except Malformed:
        return False
    found = KEYS.find_entry(token.kid)
    return found is not None and is_signed_by(token.envelope, found.public_key)


def test_a_token_comes_back_as_it_was_minted():
    for presented in (
        TOKEN,
        qr_text(PUBLIC_URL, TOKEN),
        qr_parts("", TOKEN)[1],
        f" {qr_text(PUBLIC_URL, TOKEN)}\n",
    ):
        token = parse(presented)
        assert token.claims == CLAIMS
        assert token.kid == kid_of(certificate_of(ACTIVE))
    assert is_accepted(TOKEN)


def test_claims_carry_their_registered_numbers():
    claims = cbor2.loads(cbor2.loads(TOKEN)[2])
    assert list(claims) == [1, 4, 5, 6, 7, 65535, -65537]
    assert claims[65535] == {"status_list": {"idx": 70001, "uri": CLAIMS.status_uri}}
    assert claims[4] - claims[5] == 168 * 3600
    assert claims[-65537][3] == CLAIMS.payload.number


def test_every_one_byte_change_is_refused():
    rng = random.Random(7)
    for position, original in enumerate(TOKEN):
        others = {original ^ 1 << bit for bit in range(8)} | set(rng.sample(range(256), 24))
        for value in others - {original}:
            changed = TOKEN[:position] + bytes([value]) + TOKEN[position + 1 :]
            assert not is_accepted(changed), (position, value)


def test_truncated_and_extended_tokens_are_refused():
    for length in range(len(TOKEN)):
        assert not is_accepted(TOKEN[:length])
    for tail in (b"\0", b"\xf6", TOKEN):
        assert not is_accepted(TOKEN + tail)


def test_random_bytes_and_texts_are_refused_and_nothing_else_happens():
    rng = random.Random(8)
    for _ in range(5_000):
        message = rng.randbytes(rng.randrange(0, 200))
        with pytest.raises(Malformed):
            parse(message)
        with pytest.raises(Malformed):
            parse(qr_text(PUBLIC_URL, message))


@given(st.text())
def test_random_texts_are_refused(text):
    with pytest.raises(Malformed):
        parse(text)


@pytest.mark.parametrize("name", lax_messages())
def test_lax_encodings_are_malformed(name):
    with pytest.raises(Malformed):
        parse(lax_messages()[name])


def test_the_base32_has_one_spelling():
    text = base64.b32encode(TOKEN).decode().rstrip("=")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    # Bits of the last character that belong to no byte make no second text of the same pass.
    twins = [text[:-1] + last for last in alphabet if last != text[-1]]
    assert not any(_is_this_token(twin) for twin in twins)
    for other in (
        text.lower(),
        text + "=",
        text[:9] + " " + text[9:],
        "http://x/v#",
        "ftp://x/v#" + text,
        "#" + text,
    ):
        assert not _is_this_token(other)


def _is_this_token(text: str) -> bool:
    try:
        return parse(text).envelope == parse(TOKEN).envelope
    except Malformed:
        return False


LONGEST = {
    "name": "𠮷" * 20,
    "firm": "上海浦江精密机械制造集团股份有限公司",
    "origin_name": "锦绣江南花苑三期第二十八幢",
    "destination_name": "张江高科技园区第一总装厂",
    "origin_id": 2**32 - 1,
    "destination_id": 2**32 - 1,
    "specimen": True,
}


def test_the_longest_names_stay_within_the_budget_and_the_qr_within_version_15():
    token = mint(claims_with(**LONGEST), signer(ACTIVE))
    assert len(token) <= TOKEN_BUDGET
    address, base32 = qr_parts(PUBLIC_URL, token)
    code = segno.make(
        [(address, segno.consts.MODE_BYTE), (base32, segno.consts.MODE_ALPHANUMERIC)],
        error="m",
        micro=False,
        boost_error=False,
    )
    assert int(code.version) <= 15
    names = parse(token).claims.payload.names
    assert len(names[0]) >= 6
    assert all(name for name in names)


def test_names_of_everyday_length_are_not_cut():
    assert fit(CLAIMS) == CLAIMS
    assert len(TOKEN) < TOKEN_BUDGET


def test_a_cut_name_is_the_one_that_fit_foretells():
    claims = claims_with(**LONGEST)
    assert parse(mint(claims, signer(ACTIVE))).claims == fit(claims)
    assert fit(fit(claims)) == fit(claims)


def test_names_are_cut_the_same_on_a_phone():
    token = mint(claims_with(**LONGEST, medium="phone"), signer(ACTIVE))
    assert len(token) <= PHONE_TOKEN_BUDGET
    assert parse(token).claims.payload.names == fit(claims_with(**LONGEST)).payload.names


def test_names_are_stored_in_nfc():
    assert parse(mint(claims_with(name="Rene\u0301"), signer(ACTIVE))).claims.payload.name == "Ren\u00e9"


def test_an_address_that_leaves_no_room_for_a_name_is_refused():
    with pytest.raises(TooLong):
        mint(replace(CLAIMS, status_uri="https://" + "x" * 120), signer(ACTIVE))


def test_a_batch_is_minted_in_order():
    batch = [replace(CLAIMS, status_idx=idx) for idx in range(20)]
    tokens = mint_all(batch, signer(ACTIVE))
    assert [parse(token).claims for token in tokens] == batch
    assert all(map(is_accepted, tokens))


def test_a_moment_without_an_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        encode_claims(claims_with(pcr_sampled_at=CLAIMS.iat.replace(tzinfo=None)))


instants = st.integers(1_500_000_000, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
names = st.text(st.characters(exclude_categories=("Cs",)), max_size=80)
payloads = st.builds(
    PassPayload,
    profile=st.sampled_from(list(PROFILES)),
    number=st.builds(pass_number, st.from_regex(r"[0-9]{6}", fullmatch=True), st.integers(1, 999_999)),
    name=names,
    document_type=st.sampled_from(list(DOCUMENT_TYPES)),
    last_four=st.from_regex(r"[0-9A-Z]{1,4}", fullmatch=True),
    firm=names,
    origin_id=st.integers(0, 2**32 - 1),
    origin_name=names,
    destination_id=st.integers(0, 2**32 - 1),
    destination_name=names,
    pcr_sampled_at=instants,
    good_until=instants,
    building_clear_from=st.none() | st.dates(),
    specimen=st.booleans(),
    medium=st.sampled_from(["paper", "phone"]),
    schema_version=st.just(1),
)


@st.composite
def all_claims(draw) -> Claims:
    issued, payload = draw(instants), draw(payloads)
    return Claims(
        iss=draw(st.text("abcSH-", min_size=1, max_size=8)),
        cti=draw(st.binary(min_size=16, max_size=16)),
        iat=issued,
        nbf=issued,
        exp=issued + timedelta(hours=draw(st.integers(1, 168))),
        status_idx=draw(st.integers(0, 2**17 - 1)),
        status_uri="https://" + draw(st.text("abc./", max_size=24)),
        payload=payload,
        phone_key=PHONE_KEY if payload.medium == "phone" else None,
    )


@settings(max_examples=200)
@given(all_claims())
def test_any_pass_fits_and_comes_back(claims):
    token = mint(claims, signer(ACTIVE))
    assert len(token) <= (PHONE_TOKEN_BUDGET if claims.phone_key else TOKEN_BUDGET)
    assert parse(token).claims == fit(claims)
    assert is_signed_by(parse(token).envelope, PUBLIC_KEY)


@given(st.binary(max_size=300))
def test_claims_have_one_encoding(encoded):
    try:
        claims = decode_claims(encoded)
    except Malformed:
        return
    assert encode_claims(claims) == encoded
