/// Which RSA keys are too weak to be believed.
enum RSARules {
    /// The bits of a modulus: fewer are too weak (RFC 7518, section 3.3), more take too long.
    static let modulusBits = 2048...8192

    /// Why a public key is refused; nil for a good one. Both numbers are big-endian.
    static func fault(modulus: [UInt8], exponent: [UInt8]) -> String? {
        let modulus = modulus.drop { $0 == 0 }
        let exponent = exponent.drop { $0 == 0 }
        guard let top = modulus.first, let last = modulus.last else { return "its modulus is empty" }
        let bits = modulus.count * 8 - top.leadingZeroBitCount
        if bits < modulusBits.lowerBound { return "its modulus has fewer than \(modulusBits.lowerBound) bits" }
        if bits > modulusBits.upperBound { return "its modulus has more than \(modulusBits.upperBound) bits" }
        guard last & 1 == 1 else { return "its modulus is even" }
        guard exponent.count <= 4 else { return "its exponent has more than 32 bits" }
        let value = exponent.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard value >= 3, value & 1 == 1 else { return "its exponent is even or below 3" }
        return hasROCAShape(modulus) ? "it was made by a generator that makes keys that can be factored" : nil
    }

    /// Whether the modulus has the shape that CVE-2017-15361 leaves: modulo each of these primes it is a power of 65537.
    /// For a sound key all tests agree by chance once in 2^27.
    private static func hasROCAShape(_ modulus: ArraySlice<UInt8>) -> Bool {
        let primes: [UInt32] = [
            11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157,
        ]
        return primes.allSatisfy { prime in
            let rest = modulus.reduce(UInt32(0)) { ($0 << 8 | UInt32($1)) % prime }
            var power: UInt32 = 1
            for _ in 0..<prime {
                if power == rest { return true }
                power = power * (65537 % prime) % prime
            }
            return false
        }
    }
}
