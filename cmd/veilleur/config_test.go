package main

import "testing"

func TestHubsPushOnlyToAPublicAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://veille.caisse.example": true, "http://veille.caisse.example:8080": true, "https://203.0.113.7": true,
		"": false, "http://127.0.0.1:8080": false, "http://localhost:8080": false, "http://serveur": false, "http://192.168.1.4": false, "http://[::1]": false,
	} {
		c := Config{Address: address, Listen: "127.0.0.1:8080", Data: t.TempDir()}
		if c.settle(); c.public() != want {
			t.Errorf("%q is public: %v, want %v", address, c.public(), want)
		}
	}
}
