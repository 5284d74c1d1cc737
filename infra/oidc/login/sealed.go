package login

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// begun is what a login needs when the browser comes back from the provider.
type begun struct {
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"` // of PKCE
	Return   string    `json:"return"`   // path to go to
	Until    time.Time `json:"until"`
}

// box seals what a browser keeps for this process: nobody else can read or change
// it (AES-256 in GCM, with a key of this process).
type box struct{ aead cipher.AEAD }

func newBox() (box, error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	block, err := aes.NewCipher(key)
	if err != nil {
		return box{}, fmt.Errorf("make the key of logins: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return box{}, fmt.Errorf("make the key of logins: %w", err)
	}
	return box{aead}, nil
}

func (b box) seal(l begun) (string, error) {
	text, err := json.Marshal(l)
	if err != nil {
		return "", fmt.Errorf("write what a login needs: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b.aead.Seal(nil, nil, text, nil)), nil
}

func (b box) open(sealed string) (l begun, ok bool) {
	bytes, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return begun{}, false
	}
	text, err := b.aead.Open(nil, nil, bytes, nil)
	if err != nil {
		return begun{}, false
	}
	return l, json.Unmarshal(text, &l) == nil
}
