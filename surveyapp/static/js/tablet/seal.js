// Sealing for the server, and the tablet's own signature. The same as surveyapp/sealing.py.

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const FORMAT = "surveyapp envelope 1";
const SIZE = 2048; // bytes: envelopes are padded to whole ones, so their length tells nothing

export const bytes = (text) => new TextEncoder().encode(text);
export const hex = (buffer) =>
  [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const sha256 = (content) => crypto.subtle.digest("SHA-256", content);

export const base64 = (buffer) =>
  btoa([...new Uint8Array(buffer)].map((byte) => String.fromCharCode(byte)).join(""));

const base64url = (buffer) =>
  base64(buffer).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function fromBase64url(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

// The envelope as text. Only the holder of the server's private key can read what is in it.
export async function seal(content, { id, public: publicKey }) {
  const theirs = fromBase64url(publicKey);
  const server = await crypto.subtle.importKey("raw", theirs, CURVE, false, []);
  const ours = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const epk = await crypto.subtle.exportKey("raw", ours.publicKey);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: server }, ours.privateKey, 256);
  const salt = new Uint8Array([...new Uint8Array(epk), ...theirs]);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt, info: bytes(FORMAT) },
    await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]),
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt"],
  );
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = bytes(`${FORMAT} ${id}`);
  const plain = bytes(JSON.stringify(content));
  const padded = new Uint8Array(Math.ceil(plain.byteLength / SIZE) * SIZE).fill(32);
  padded.set(plain);
  const ct = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, padded);
  return JSON.stringify({
    v: 1, key: id, epk: base64url(epk), iv: base64url(iv), ct: base64url(ct),
  });
}

// The private half can be used but never read, not even by this page.
export const newTabletKey = () => crypto.subtle.generateKey(SIGNING, false, ["sign", "verify"]);

export const publicHalf = async (pair) =>
  base64url(await crypto.subtle.exportKey("spki", pair.publicKey));

export const sign = async (privateKey, path, body) =>
  base64url(await crypto.subtle.sign(SIGNING, privateKey, bytes(`${path}\n${body}`)));
