import WireProtocol

/// The methods that some path answers to.
struct MethodSet: OptionSet, Sendable, Hashable {
    let rawValue: UInt16

    init(rawValue: UInt16) { self.rawValue = rawValue }

    init(_ method: Method) { rawValue = 1 << UInt16(method.rawValue) }

    /// With what the gateway itself answers: HEAD for each GET, and OPTIONS.
    var withImplied: MethodSet {
        var all = union(MethodSet(.options))
        if contains(MethodSet(.get)) { all.insert(MethodSet(.head)) }
        return all
    }

    /// The value of `Allow` (RFC 9110, section 10.2.1), implied methods included.
    var allow: String {
        let all = withImplied
        return Method.allCases.filter { all.contains(MethodSet($0)) }.map(\.description).joined(
            separator: ", ")
    }
}
