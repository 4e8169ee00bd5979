use super::*;
use crate::passwords::pepper::Pepper;

const PASSWORD: &str = "correct horse";

fn read(text: &str) -> Result<Box<dyn StoredHash>, BadHash> {
    parse(&PasswordHash::new(text.to_owned()))
}

fn fits(text: &str, password: &str) -> bool {
    let (mut memory, peppers) = (Memory::keeping(0), Peppers::default());
    let mut work = Work { memory: &mut memory, peppers: &peppers };
    read(text).unwrap().fits(password.as_bytes(), &mut work).unwrap()
}

/// Of "correct horse", by passlib 1.7.4 and Django 5.2 themselves.
const TAKEN_OVER: [&str; 16] = [
    "$pbkdf2$1000$FgLAWEsJgdB6z5nTuvceww$BNmL5PayXDBYPCon3YEKdf4trMc",
    "$pbkdf2-sha256$1000$oJSScq51DsG4V0qpFWJMKQ$7z5Na7AdAar4GVbebqJnnIiRUZu70uf7DL0jYKdEpe0",
    "$pbkdf2-sha512$1000$cW4NYex97x2jVColBEAIwQ$IIXTe4ONMYQCiaiRd/QlCjA2FSNCqWDUyRihjotAK5QR38wT/XyPnvSp6N4w5SO4b6DChpL61BTBk4dlWEAaFA",
    "$pbkdf2-sha256$i=1000,l=32$oJSScq51DsG4V0qpFWJMKQ$7z5Na7AdAar4GVbebqJnnIiRUZu70uf7DL0jYKdEpe0",
    "$scrypt$ln=8,r=8,p=1$wNg7h3COkdI6JySEUIoxpg$AVHcor/SP8R0qmrZ6Wx0eLuVwSt92zVCL4550dn+Hqg",
    "$argon2i$v=19$m=256,t=2,p=1$U8oZw/hfyzkHQCilVIrxvg$ntepa36ABHoB6YiwJxEXFTgZs3WkkZaNtdAaAwZZJmE",
    "$2b$04$VaS092qg94cLuKhhqxgaTea66Jq.zBxIQutjeHLizBS8NfjpUZiZW",
    "$2a$04$gdIG2.au9tnF0/XyX3FmJOMxzkBAL9LLkl4eBOtPPJ03ilAwZmiAW",
    "$2y$04$g6SU8vFpTp4NHIHyR5aaAe1iV873tXPvYpCMQliU6Gkfktq4KoEuG",
    "pbkdf2_sha256$1000$NmAerrzTlyneQxrXEvWrfp$szRyqGLt7okIJaSIX1y/Y8xJrQNn1eh+CaPUbvoh8ss=",
    "pbkdf2_sha1$1000$ZIEBeVdvZL9UwcavFaXrYE$+leyeJ6qsQOgOQoQlt4GVeNMtAo=",
    "scrypt$256$SsRjtRerZCF5H0ICsLfFJp$8$1$2gPp6EPre7akuNd7tqEyfuwU7AnmOCXeu3Q/7U7wq2Z9boK3efmHFU3rpDcrjEC+BYAU1OYq9CsKPXbnyws7ew==",
    "argon2$argon2id$v=19$m=256,t=1,p=1$Z0QzaUNUbExBNmxwS0VPUmRvOGNxOQ$ECn5AHj4Q/Xpvz2nbS+1Nkx6Vel3iKztoS1AzHgEBe4",
    "bcrypt_sha256$$2b$04$KD.1e0lyYoEMLFWwfM6sh.lvWawn/iZchmZ/fG7D6PA9igEkeosSy",
    "bcrypt$$2b$04$NYN4BIqRCBnL4H85klTJOuzvj6Z49exMSWmA9TmKsze2B/rw/k6S.",
    // Not of passlib: the same hash as the second, with Base64's own alphabet and padding.
    "$pbkdf2-sha256$1000$oJSScq51DsG4V0qpFWJMKQ==$7z5Na7AdAar4GVbebqJnnIiRUZu70uf7DL0jYKdEpe0=",
];

/// The example that Firebase publishes with its scrypt: "user1password".
const FIREBASE: &str = "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==";

#[test]
fn hashes_of_other_systems_fit_their_password_and_no_other() {
    for hash in TAKEN_OVER {
        assert!(fits(hash, PASSWORD), "{hash}");
        assert!(!fits(hash, "correct horsf"), "{hash}");
        assert!(!fits(hash, ""), "{hash}");
    }
    assert!(fits(FIREBASE, "user1password"));
    assert!(!fits(FIREBASE, "user2password"));
}

#[test]
fn bcrypt_takes_72_octets_as_it_did_where_the_hash_was_made() {
    // passlib: of 80 times "x".
    let hash = "$2b$04$g6iOszECD9FyEYkl0i/BKed9IyGAi3fF.79/f6PdxYcm4VH2d2Zki";
    assert!(fits(hash, &"x".repeat(80)));
    assert!(fits(hash, &"x".repeat(72)));
    assert!(!fits(hash, &"x".repeat(71)));
}

#[test]
fn a_stand_in_is_of_the_same_form_and_fits_nothing() {
    for hash in TAKEN_OVER.into_iter().chain([FIREBASE]) {
        let stand_in = read(hash).unwrap().stand_in();
        let again =
            read(&stand_in).unwrap_or_else(|error| panic!("{stand_in}: {error}")).stand_in();
        assert_eq!(stand_in, again, "{hash}");
        assert!(!fits(&stand_in, PASSWORD) && !fits(&stand_in, ""), "{hash}");
    }
}

#[test]
fn accounts_with_hashes_of_one_cost_have_one_stand_in() {
    let scheme = Scheme::new(64, 1, None).unwrap();
    let (mut memory, peppers) = (Memory::keeping(64), Peppers::default());
    let mut work = Work { memory: &mut memory, peppers: &peppers };
    let mut hash = |password: &[u8], salt| scheme.hash(password, &[salt; 16], &mut work).unwrap();
    let (ann, bob) = (hash(b"a", 1), hash(b"b", 2));
    assert_eq!(parse(&ann).unwrap().stand_in(), parse(&bob).unwrap().stand_in());
    assert_eq!(parse(&ann).unwrap().stand_in(), scheme.stand_in().stand_in());
}

#[test]
fn what_would_eat_memory_or_time_is_not_computed() {
    let costly = [
        "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA",
        "$argon2id$v=19$m=65536,t=100,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA",
        "$argon2id$v=19$m=1048576,t=2,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA",
        "$argon2id$v=19$m=8388608,t=2147483648,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA",
        "$argon2id$v=19$m=4294967295,t=4294967295,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA",
        "$2b$15$VaS092qg94cLuKhhqxgaTea66Jq.zBxIQutjeHLizBS8NfjpUZiZW",
        "$scrypt$ln=20,r=8,p=2$wNg7h3COkdI6JySEUIoxpg$AVHcor/SP8R0qmrZ6Wx0eLuVwSt92zVCL4550dn+Hqg",
        "$pbkdf2$2600000$oJSScq51DsG4V0qpFWJMKQ$7z5Na7AdAar4GVbebqJnnIiRUZu70uf7DL0jYKdEpe0",
        "$2b$31$VaS092qg94cLuKhhqxgaTea66Jq.zBxIQutjeHLizBS8NfjpUZiZW",
        "$pbkdf2-sha256$4000000000$oJSScq51DsG4V0qpFWJMKQ$7z5Na7AdAar4GVbebqJnnIiRUZu70uf7DL0jYKdEpe0",
        "$scrypt$ln=24,r=8,p=1$wNg7h3COkdI6JySEUIoxpg$AVHcor/SP8R0qmrZ6Wx0eLuVwSt92zVCL4550dn+Hqg",
        "$scrypt$ln=8,r=8,p=999$wNg7h3COkdI6JySEUIoxpg$AVHcor/SP8R0qmrZ6Wx0eLuVwSt92zVCL4550dn+Hqg",
    ];
    for hash in costly {
        assert!(matches!(read(hash), Err(BadHash::TooCostly(_))), "{hash}");
    }
}

#[test]
fn what_is_no_hash_is_refused() {
    let malformed = [
        "$argon2id$v=19$m=256,t=1,p=1$c29tZXNhbHQ",
        "$argon2x$v=19$m=256,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA",
        "$2b$04$VaS092qg94cLuKhhqxgaTea66Jq.zBxIQutjeHLizBS8Nfjp",
        "$pbkdf2-sha256$0$oJSScq51DsG4V0qpFWJMKQ$7z5Na7AdAar4GVbebqJnnIiRUZu70uf7DL0jYKdEpe0",
        "$pbkdf2-sha256$1000$oJSScq51DsG4V0qpFWJMKQ$7z5N",
        "$scrypt$ln=8,r=8$wNg7h3COkdI6JySEUIoxpg$AVHcor/SP8R0qmrZ6Wx0eLuVwSt92zVCL4550dn+Hqg",
        "scrypt$1$SsRjtRerZCF5H0ICsLfFJp$8$1$2gPp6EPre7akuNd7tqEyfuwU7AnmOCXeu3Q/7U7wq2Z9",
        "scrypt$255$SsRjtRerZCF5H0ICsLfFJp$8$1$2gPp6EPre7akuNd7tqEyfuwU7AnmOCXeu3Q/7U7wq2Z9",
        "$fbscrypt$v=2,n=14,r=8,p=1,sk=AAAA$42xEC+ixf3L2lw==$lSrfV15cpx95",
    ];
    for hash in malformed {
        assert!(matches!(read(hash), Err(BadHash::Malformed { .. })), "{hash}");
    }
    for hash in
        ["", "$", "secret", "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8", "$1$salt$hash", "$2x$04$"]
    {
        assert!(matches!(read(hash), Err(BadHash::Unknown)), "{hash}");
    }
}

#[test]
fn a_hash_with_a_pepper_needs_it() {
    let pepper = |text: &str| Pepper::new(&text.repeat(32)).unwrap();
    let scheme = Scheme::new(64, 1, Some(&pepper("a"))).unwrap();
    let peppered = Peppers { current: Some(pepper("a")), previous: vec![] };
    let mut memory = Memory::keeping(64);
    let mut fits = |hash: &dyn StoredHash, peppers: &Peppers| {
        hash.fits(b"x", &mut Work { memory: &mut memory, peppers })
    };
    let mut other = Memory::keeping(64);
    let mut work = Work { memory: &mut other, peppers: &peppered };
    let hash = parse(&scheme.hash(b"x", &[7; 16], &mut work).unwrap()).unwrap();

    assert!(fits(&*hash, &peppered).unwrap());
    let rotated = Peppers { current: Some(pepper("b")), previous: vec![pepper("a")] };
    assert!(fits(&*hash, &rotated).unwrap());
    let forgotten = Peppers { current: Some(pepper("b")), previous: vec![] };
    assert!(matches!(fits(&*hash, &forgotten), Err(BadHash::UnknownPepper)));
    assert!(hash.check(&forgotten).is_err() && hash.check(&rotated).is_ok());
    assert!(hash.is_of(&scheme) && !hash.is_of(&Scheme::new(64, 1, Some(&pepper("b"))).unwrap()));
}
