/// A response as it came over a `RawSocket`.
public struct RawResponse: Sendable {
    /// Status line and fields, with their line ends.
    public let head: String
    /// The body without its framing.
    public var body: [UInt8] = []

    init(head: String) { self.head = head }

    /// The status code; 0 when there is none.
    public var status: Int {
        let parts = head.prefix { $0 != "\r\n" }.split(separator: " ")
        return parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The first value of that field, given in lower case; nil when there is none.
    public subscript(_ name: String) -> String? { values(name).first }

    /// All values of that field, given in lower case.
    public func values(_ name: String) -> [String] {
        head.split(separator: "\r\n").dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name else {
                return nil
            }
            let value = line[line.index(after: colon)...]
            return String(value.drop { $0 == " " })
        }
    }
}
