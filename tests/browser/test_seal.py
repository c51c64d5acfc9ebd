"""What Chromium seals and signs, the server opens and knows."""

import pytest

from surveyapp import sealing
from surveyapp.web.static_files import static
from tests.browser.conftest import SECRET

pytestmark = pytest.mark.browser
once = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

CONTENT = {"answers": {"hel_fritext": "Kiitos, hän soittaa aina. Äntligen! 🙂" * 60}}
SEAL_AND_SIGN = """async ([module, content, key, path]) => {
  const { seal, newTabletKey, publicHalf, sign } = await import(module);
  const pair = await newTabletKey();
  const envelope = await seal(content, key);
  const signature = await sign(pair.privateKey, path, envelope);
  const canBeRead = pair.privateKey.extractable;
  return { envelope, signature, public: await publicHalf(pair), canBeRead };
}"""


@once
def test_server_opens_what_the_browser_sealed_and_knows_its_signature(page):
    sealer = sealing.sealer(SECRET)
    key = {"id": sealer.key.id, "public": sealing.base64url(sealer.key.public)}
    path = "/platta/kuvert"
    page.goto("/tillganglighet")

    made = page.evaluate(SEAL_AND_SIGN, [static("js/tablet/seal.js"), CONTENT, key, path])

    body = made["envelope"].encode()
    public = sealing.read_public_key(made["public"])
    assert sealer.open(body) == CONTENT
    assert sealing.is_signed(public, made["signature"], path, body)
    assert not sealing.is_signed(public, made["signature"], path, body + b" ")
    assert made["canBeRead"] is False
