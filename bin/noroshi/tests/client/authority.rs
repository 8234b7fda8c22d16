use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::home::Home;

const ME: &str = r#"{"name":"届出 太郎","organisation_ja":"架空電力","roles":["compliance"],"scopes":["read"],"exercise":true}"#;

#[test]
fn a_house_with_its_own_authority_is_trusted_once_it_is_named() {
    let (authority, address) = serve();
    let server = format!("https://{address}");
    let home = Home::new();
    let refused = home.log_in(&server, "noroshi_made-up");
    assert_eq!(refused.code, 2, "{}", refused.talk);
    assert!(refused.talk.contains("--ca-file"), "{}", refused.talk);

    let file = home.path().join("house-ca.pem");
    fs::write(&file, authority).unwrap();
    let named = ["--ca-file", file.to_str().unwrap()];
    let done = home.log_in_with(&server, "noroshi_made-up", &named);
    assert_eq!(done.code, 0, "{}", done.talk);

    // It is kept with the login: the file is not needed again, and this server has no such list.
    fs::remove_file(&file).unwrap();
    let listed = home.run(&["incident", "list"]);
    assert!(!listed.talk.contains("--ca-file"), "{}", listed.talk);
    assert!(
        listed.talk.contains("no answer of Noroshi"),
        "{}",
        listed.talk
    );
}

#[test]
fn a_file_without_certificates_is_refused_before_anything_is_asked() {
    let home = Home::new();
    let file = home.path().join("house-ca.pem");
    for content in ["", "no certificate"] {
        fs::write(&file, content).unwrap();
        let named = ["--ca-file", file.to_str().unwrap()];
        let refused = home.log_in_with("https://noroshi.example", "noroshi_made-up", &named);
        assert_eq!(refused.code, 2, "{}", refused.talk);
        assert!(refused.talk.contains("PEM"), "{}", refused.talk);
    }
}

/// A server with a certificate of an authority that was just made. It answers everything with [`ME`].
fn serve() -> (String, SocketAddr) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&ca_key).unwrap().pem();
    let issuer = Issuer::new(params, ca_key);
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()])
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(config.clone()).unwrap();
            let mut stream = BufReader::new(StreamOwned::new(connection, stream.unwrap()));
            let mut line = String::new();
            // The head ends with an empty line. A client that refuses the certificate goes before.
            while let Ok(1..) = stream.read_line(&mut line) {
                if line.trim().is_empty() {
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{ME}",
                        ME.len()
                    );
                    let _ = stream.get_mut().write_all(answer.as_bytes());
                    let _ = stream.get_mut().flush();
                    break;
                }
                line.clear();
            }
        }
    });
    (authority, address)
}
