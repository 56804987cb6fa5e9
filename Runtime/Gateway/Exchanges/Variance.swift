/// What an answer depends on beside its address (RFC 9110, section 12.5.5).
struct Variance: OptionSet {
    let rawValue: UInt8

    /// Errors have two media types.
    static let accept = Variance(rawValue: 1)
    /// A longer text may be compressed.
    static let acceptEncoding = Variance(rawValue: 2)
    /// The answer says which origins may read it.
    static let origin = Variance(rawValue: 4)
    /// The version header chose the function.
    static let version = Variance(rawValue: 8)
    /// A preflight names the method to come.
    static let preflight = Variance(rawValue: 16)
}

/// The value of `Vary` for each `Variance`, made once for a manifest.
struct VarianceTable: Sendable {
    private let values: [[UInt8]]

    /// - Parameters:
    ///   - versionHeader: the version header's name in lower case.
    ///   - others: names, in lower case, that every answer depends on.
    init(versionHeader: [UInt8], others: [[UInt8]] = []) {
        let names = [
            Array("accept".utf8), Array("accept-encoding".utf8), Array("origin".utf8), versionHeader,
            Array("access-control-request-method".utf8),
        ]
        values = (0..<32).map { bits in
            let members = names.indices.filter { bits & 1 << $0 != 0 }.map { names[$0] }
            return Array((members + others.filter { !members.contains($0) }).joined(separator: ", ".utf8))
        }
    }

    /// The value for these.
    subscript(variance: Variance) -> [UInt8] { values[Int(variance.rawValue & 31)] }
}
