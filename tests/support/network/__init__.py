"""A company's network on this computer: certificates, kintone over TLS, and a proxy."""
