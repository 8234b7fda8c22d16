//! Notes against an independent crate, and hostile input.

use proptest::prelude::*;
use signed_note as oracle;

use super::{Algorithm, KeyError, KeyName, Note, NoteError, SignerKey, VerifierKey};

fn signer(name: &str, seed: u8, algorithm: Algorithm) -> SignerKey {
    SignerKey::from_seed(KeyName::parse(name).unwrap(), algorithm, &[seed; 32]).unwrap()
}

fn log(name: &str, seed: u8) -> SignerKey {
    signer(name, seed, Algorithm::Ed25519)
}

fn signed(text: &str, signers: &[&SignerKey]) -> Note {
    let mut note = Note::unsigned(text).unwrap();
    for signer in signers {
        note.add(signer.sign(text).unwrap()).unwrap();
    }
    note
}

#[test]
fn the_example_of_the_cosignature_specification_is_read() {
    let text = "\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
\u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
";
    let note = Note::parse(text.as_bytes()).unwrap();
    assert_eq!(note.signatures().len(), 2);
    assert_eq!(note.to_string(), text);
    let stamp = note.signatures()[1].bytes().first_chunk::<8>().unwrap();
    assert_eq!(u64::from_be_bytes(*stamp), 1_679_315_147);
}

#[test]
fn keys_and_notes_are_understood_by_the_independent_crate() {
    let ours = log("cao.example/filings", 7);
    let verifier = oracle::StandardVerifier::new(&ours.verifier().to_string()).unwrap();
    let verifiers = oracle::VerifierList::new(vec![Box::new(verifier)]);
    let note = signed("狼煙\n\nfire\n", &[&ours]);
    let read = oracle::Note::from_bytes(note.to_string().as_bytes()).unwrap();
    assert_eq!(read.text(), note.text().as_bytes());
    let (known, unknown) = read.verify(&verifiers).unwrap();
    assert_eq!((known.len(), unknown.len()), (1, 0));

    let signer = oracle::StandardSigner::new(&ours.to_text()).unwrap();
    let mut theirs = oracle::Note::new(b"theirs\n", &[]).unwrap();
    theirs.add_sigs(&[&signer]).unwrap();
    let read = Note::parse(&theirs.to_bytes()).unwrap();
    assert!(read.require(&[ours.verifier().clone()], 1).is_ok());
}

#[test]
fn keys_round_trip_through_their_text() {
    for algorithm in [Algorithm::Ed25519, Algorithm::CosignatureV1] {
        let signer = signer("witness.example/w1", 3, algorithm);
        let text = signer.verifier().to_string();
        assert_eq!(&VerifierKey::parse(&text).unwrap(), signer.verifier());
        let again = SignerKey::parse(&signer.to_text()).unwrap();
        assert_eq!(again.verifier(), signer.verifier());
        assert_eq!(*again.to_text(), *signer.to_text());
    }
}

#[test]
fn a_key_whose_hash_or_bytes_do_not_fit_is_refused() {
    let text = log("a.example", 1).verifier().to_string();
    let other = log("b.example", 1).verifier().to_string();
    let (_, tail) = other.split_once('+').unwrap();
    let check = |text: &str, reason| assert_eq!(VerifierKey::parse(text), Err(reason), "{text}");
    check(&format!("a.example+{tail}"), KeyError::Hash);
    check(&text.replace("a.example", "a example"), KeyError::Name);
    check(&text.replacen("a.example", "", 1), KeyError::Name);
    check("a.example", KeyError::Form);
    check(&format!("{text}\n"), KeyError::Form);
    check("a.example+00000000+Ag==", KeyError::Algorithm);
    check("a.example+00000000+AQ==", KeyError::Material);
    // A key of small order: a signature could be made for it without any private key.
    let weak = [&[1_u8][..], &[1], &[0; 31]].concat();
    let weak = format!("a.example+00000000+{}", crate::encoding::base64_text(&weak));
    check(&weak, KeyError::Material);
}

#[test]
fn generated_keys_use_the_bytes_they_are_given() {
    let name = || KeyName::parse("a.example").unwrap();
    let mut fill = |bytes: &mut [u8]| bytes.fill(9);
    let key = SignerKey::generate(name(), Algorithm::Ed25519, &mut fill).unwrap();
    assert_eq!(key.verifier(), log("a.example", 9).verifier());
    let silent = SignerKey::generate(name(), Algorithm::Ed25519, &mut |_| {});
    assert_eq!(silent.unwrap_err(), KeyError::Material);
}

#[test]
fn debug_does_not_show_a_private_key() {
    let key = log("a.example", 9);
    let shown = format!("{key:?}");
    assert!(shown.ends_with(", ***)"), "{shown}");
    let secret = key.to_text();
    let (_, material) = secret.rsplit_once('+').unwrap();
    assert!(!shown.contains(material));
}

#[test]
fn a_log_key_does_not_cosign_and_a_witness_key_does_not_sign() {
    let text = "a.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    assert_eq!(
        log("a.example", 1).cosign(text, 1).unwrap_err(),
        KeyError::TakesNoTime
    );
    let witness = signer("w.example", 1, Algorithm::CosignatureV1);
    assert_eq!(witness.sign(text).unwrap_err(), KeyError::NeedsTime);
    assert_eq!(witness.cosign(text, u64::MAX).unwrap_err(), KeyError::Time);
}

#[test]
fn a_cosignature_is_bound_to_text_and_time() {
    let witness = signer("w.example", 2, Algorithm::CosignatureV1);
    let keys = [witness.verifier().clone()];
    let mut note = Note::unsigned("a\n").unwrap();
    note.add(witness.cosign("a\n", 1_700_000_000).unwrap())
        .unwrap();
    assert_eq!(note.require(&keys, 1).unwrap()[0].time, Some(1_700_000_000));
    let altered = Note {
        text: "b\n".to_owned(),
        ..note.clone()
    };
    assert_eq!(altered.confirm(&keys), Err(NoteError::BadSignature));
    note.signatures[0].bytes[7] ^= 1;
    assert_eq!(note.confirm(&keys), Err(NoteError::BadSignature));
}

#[test]
fn k_of_n_counts_signers_not_lines() {
    let (a, b, c) = (
        log("a.example", 1),
        log("b.example", 2),
        log("c.example", 3),
    );
    let second_of_a = log("a.example", 4);
    let twin_of_b = log("d.example", 2);
    let keys: Vec<VerifierKey> = [&a, &b, &c, &second_of_a, &twin_of_b]
        .map(|key| key.verifier().clone())
        .to_vec();
    let check = |signers: &[&SignerKey], found: usize| {
        let note = signed("text\n", signers);
        assert!(note.require(&keys, found).is_ok());
        let required = found + 1;
        let refused = Err(NoteError::TooFewSignatures { found, required });
        assert_eq!(note.require(&keys, required), refused);
    };
    check(&[&a, &b], 2);
    check(&[&a, &second_of_a], 1);
    check(&[&b, &twin_of_b], 1);
    check(&[&a, &b, &c], 3);
}

#[test]
fn an_unknown_signer_is_ignored_and_alone_is_not_enough() {
    let (known, unknown) = (log("a.example", 1), log("b.example", 2));
    let keys = [known.verifier().clone()];
    assert!(
        signed("text\n", &[&unknown, &known])
            .require(&keys, 1)
            .is_ok()
    );
    let alone = signed("text\n", &[&unknown]).require(&keys, 0);
    assert_eq!(
        alone,
        Err(NoteError::TooFewSignatures {
            found: 0,
            required: 1
        })
    );
}

#[test]
fn a_false_line_of_a_known_key_condemns_the_note() {
    let (known, other) = (log("a.example", 1), log("b.example", 2));
    let mut note = signed("text\n", &[&other, &known]);
    note.signatures[1].bytes[0] ^= 1;
    let keys = [known.verifier().clone(), other.verifier().clone()];
    assert_eq!(note.require(&keys, 1), Err(NoteError::BadSignature));
}

#[test]
fn malformed_notes_are_refused_with_the_reason() {
    let good = signed("text\n", &[&log("a.example", 1)]).to_string();
    let check = |text: &str, reason| {
        assert_eq!(Note::parse(text.as_bytes()), Err(reason), "{text:?}");
    };
    check("", NoteError::NoSignatures);
    check("text\n", NoteError::NoSignatures);
    check("text\n\n", NoteError::SignatureLine);
    check("text\n\n\n", NoteError::SignatureLine);
    check(good.trim_end(), NoteError::SignatureLine);
    check(&format!("{good}\n"), NoteError::SignatureLine);
    check(&good.replace('\u{2014}', "-"), NoteError::SignatureLine);
    check(
        &good.replace("a.example", "a+example"),
        NoteError::SignatureLine,
    );
    check(&good.replace("text", "te\rxt"), NoteError::Characters);
    check(&good.replace("text\n", "text\t\n"), NoteError::Characters);
    check("\n\n\u{2014} a AAAAAAA=\n", NoteError::Text);
    assert_eq!(Note::parse(b"text\n\n\xff"), Err(NoteError::Characters));
    assert_eq!(Note::unsigned("text"), Err(NoteError::Text));
}

#[test]
fn a_note_beyond_the_limits_is_refused() {
    let line = "\u{2014} a.example AAAAAAAA\n";
    let with = |lines: usize| format!("text\n\n{}", line.repeat(lines));
    assert!(Note::parse(with(Note::MAX_SIGNATURES).as_bytes()).is_ok());
    let many = Note::parse(with(Note::MAX_SIGNATURES + 1).as_bytes());
    assert_eq!(many, Err(NoteError::TooManySignatures));
    let long = format!("{}{}", "x".repeat(Note::MAX_BYTES), with(1));
    assert_eq!(Note::parse(long.as_bytes()), Err(NoteError::TooLarge));
    let fat = format!("text\n\n\u{2014} a {}\n", "A".repeat(16_384));
    assert_eq!(Note::parse(fat.as_bytes()), Err(NoteError::SignatureLine));
}

proptest! {
    #[test]
    fn any_bytes_are_refused_or_print_back(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(note) = Note::parse(&bytes) {
            prop_assert_eq!(note.to_string().into_bytes(), bytes);
        }
    }

    #[test]
    fn text_like_a_note_is_refused_or_prints_back(
        text in "(.{0,30}\n){0,4}\n(\u{2014} [a-c]{0,2} [A-D]{6,10}={0,2}\n){0,3}",
    ) {
        if let Ok(note) = Note::parse(text.as_bytes()) {
            prop_assert_eq!(note.to_string(), text);
        }
    }

    #[test]
    fn text_like_a_key_does_not_make_the_parsers_panic(
        text in "(PRIVATE\\+KEY\\+)?[a-z]{0,4}\\+[0-9a-f]{0,9}\\+[A-Za-z0-9+/=]{0,60}",
    ) {
        prop_assert!(VerifierKey::parse(&text).is_err());
        prop_assert!(SignerKey::parse(&text).is_err());
    }
}
