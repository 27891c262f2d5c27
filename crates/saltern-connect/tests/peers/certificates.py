"""Makes an authority and a certificate for 127.0.0.1 in ROOM: ca.pem, server.pem, server.key."""
import datetime
import ipaddress
import pathlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

room = pathlib.Path(sys.argv[1])
now = datetime.datetime.now(datetime.timezone.utc)


def name(text):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def certificate(subject, key, issuer, signer, is_authority):
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
    )
    return builder.sign(signer, hashes.SHA256())


def pem(thing):
    return thing.public_bytes(serialization.Encoding.PEM)


authority, server = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
(room / "ca.pem").write_bytes(pem(certificate("authority", authority, "authority", authority, True)))
(room / "server.pem").write_bytes(pem(certificate("server", server, "authority", authority, False)))
(room / "server.key").write_bytes(
    server.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
)
