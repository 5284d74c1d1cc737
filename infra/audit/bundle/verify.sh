#!/usr/bin/env bash
# Checks the evidence in this folder with nothing but openssl (3 or newer), jq,
# sha256sum, base64 and the shell:
#
#   bash verify.sh /path/to/log.vkey
#
# The key has to come from somebody else than the evidence. It checks
#   1. that the key signed the checkpoint (Ed25519, C2SP signed-note);
#   2. that each event gives the leaf in its receipt, byte for byte;
#   3. that each leaf is in the tree of the checkpoint (RFC 6962);
#   4. that the events of each stream are counted without a gap;
#   5. that each document has the hash that is its name.
# It does not check consistency, leaves.ndjson, cosignatures, PROV or the pages.
set -euo pipefail
export LC_ALL=C
[ $# -eq 1 ] || { echo "usage: bash verify.sh /path/to/log.vkey" >&2; exit 2; }
key=$(tr -d '\r\n' <"$1")
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

fail() { echo "FAILED: $*" >&2; exit 1; }
hex() { od -An -v -tx1 | tr -d ' \n'; }                 # bytes to hexadecimal
bytes() { printf "$(printf %s "$1" | sed 's/../\\x&/g')"; } # and back
hash() { sha256sum | cut -c1-64; }
node() { bytes "01$1$2" | hash; }                       # RFC 6962, 2.1

# 1. The key is name+id+base64(01, public key), and the id the first 4 bytes of
#    SHA-256(name, newline, 01, public key). The note is a text, an empty line,
#    and lines "— name base64(id, signature)".
name=${key%%+*}; rest=${key#*+}; id=${rest%%+*}
public=$(printf %s "${rest#*+}" | base64 -d | hex) || fail "the key cannot be read"
[[ $public =~ ^01[0-9a-f]{64}$ ]] || fail "the key is not one of Ed25519"
want=$({ printf '%s\n' "$name"; bytes "$public"; } | hash)
[ "${want:0:8}" = "$id" ] || fail "the key has been changed"
bytes "302a300506032b6570032100${public:2}" >"$tmp/key.der"
sed '/^$/,$d' checkpoint >"$tmp/text"
signature=
while read -r dash who what; do
	raw=$(printf %s "$what" | base64 -d 2>/dev/null | hex) || continue
	if [ "$dash" = "—" ] && [ "$who" = "$name" ] && [ "${raw:0:8}" = "$id" ]; then signature=${raw:8}; fi
done < <(sed '1,/^$/d' checkpoint)
[ -n "$signature" ] || fail "the checkpoint is not signed with this key"
bytes "$signature" >"$tmp/signature"
openssl pkeyutl -verify -pubin -keyform DER -inkey "$tmp/key.der" -rawin -in "$tmp/text" -sigfile "$tmp/signature" >/dev/null 2>&1 ||
	fail "the signature of the checkpoint is wrong"
[ "$(sed -n 1p "$tmp/text")" = "$name" ] || fail "the checkpoint is of another log"
size=$(sed -n 2p "$tmp/text")
root=$(sed -n 3p "$tmp/text" | base64 -d | hex)
[[ $size =~ ^[1-9][0-9]*$ ]] || fail "the checkpoint has no size"
echo "checkpoint of $size events: signed by $name, key $id"

# prove ROOT-OF-LEAF INDEX < hashes: the path from a leaf to the root (RFC 9162, 2.1.3.2)
prove() {
	local r=$1 fn=$2 sn=$((size - 1)) p
	[ "$fn" -lt "$size" ] || fail "$event: its index is beyond the log"
	while read -r p; do
		p=$(printf %s "$p" | base64 -d | hex)
		[ "$sn" -gt 0 ] || fail "$event: its proof is too long"
		if ((fn & 1)) || ((fn == sn)); then
			r=$(node "$p" "$r")
			until ((fn & 1)) || ((fn == 0)); do fn=$((fn >> 1)) sn=$((sn >> 1)); done
		else
			r=$(node "$r" "$p")
		fi
		fn=$((fn >> 1)) sn=$((sn >> 1))
	done
	[ "$sn" -eq 0 ] && [ "$r" = "$root" ] || fail "$event: it is not in the log"
}

count=0 stream='' revision=0
for event in events/*.json; do
	receipt=receipts/$(basename "$event" .json).tlog-proof
	[ -f "$receipt" ] || fail "$event: there is no receipt"
	sed '/^$/,$d' "$receipt" >"$tmp/proof"
	sed '1,/^$/d' "$receipt" | cmp -s - checkpoint || fail "$receipt: it is of another checkpoint"

	# 2. body_h is SHA-256 over the length of data (64 bits), data, that of meta, and meta.
	jq -j .data "$event" >"$tmp/data"
	jq -j .meta "$event" >"$tmp/meta"
	body=$({ for part in data meta; do
		bytes "$(printf %016x "$(wc -c <"$tmp/$part")")"
		cat "$tmp/$part"
	done; } | hash)
	sed -n 's/^extra //p' "$tmp/proof" | base64 -d >"$tmp/leaf" || fail "$receipt: it has no leaf"
	jq -S --arg body "$body" '(.meta | fromjson) as $m | {
		actor: $m.actor, body_h: $body, cause: $m.cause, id, ledger, recorded: $m.recordedAt,
		rev: (.revision | tostring), schema: (.schema | tostring), stream, type, v: "1"}' "$event" >"$tmp/want"
	jq -S . "$tmp/leaf" | cmp -s - "$tmp/want" || fail "$event: it is not the event that was sealed"

	# 3. A leaf is hashed with 00 before it, a node with 01.
	index=$(sed -n 's/^index //p' "$tmp/proof")
	[[ $index =~ ^(0|[1-9][0-9]*)$ ]] || fail "$receipt: it has no index"
	prove "$({ bytes 00; cat "$tmp/leaf"; } | hash)" "$index" < <(sed '1,/^index /d' "$tmp/proof")

	# 4. Streams follow each other, each from revision 1.
	if [ "$(jq -r .stream "$event")" != "$stream" ]; then stream=$(jq -r .stream "$event") revision=0; fi
	revision=$((revision + 1))
	[ "$(jq .revision "$event")" = "$revision" ] || fail "$event: revision $revision of $stream is missing"
	count=$((count + 1))
done
[ "$count" = "$(jq '[.streams[].events] | add' bundle.json)" ] || fail "there are not as many events as bundle.json says"
[ "$(ls receipts | wc -l)" -eq "$count" ] || fail "there are receipts without events"
echo "$count events: each is in the log as it is here"

# 5.
if [ -d documents ]; then
	for document in documents/*; do
		[ "$(hash <"$document")" = "$(basename "$document")" ] || fail "$document: it has been changed"
	done
	echo "$(ls documents | wc -l) documents: as they were"
fi
