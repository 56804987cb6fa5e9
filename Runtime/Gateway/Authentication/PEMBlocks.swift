/// Finds keys in text of RFC 7468's form.
enum PEMBlocks {
    private static let begin = "-----BEGIN PUBLIC KEY-----"
    private static let end = "-----END PUBLIC KEY-----"

    /// Whether a file holds PEM and not JSON.
    static func isPEM(_ text: String) -> Bool {
        text.drop { $0.isWhitespace }.hasPrefix("-----BEGIN ")
    }

    /// The blocks of public keys, each with its first and last line. Other blocks are passed over.
    static func publicKeys(in text: String) -> [String] {
        var blocks: [String] = []
        var open: [Substring]?
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.drop { $0 == " " }
            if line.hasPrefix(begin) {
                open = [Substring(begin)]
            } else if line.hasPrefix(end) {
                if let lines = open { blocks.append((lines + [Substring(end)]).joined(separator: "\n") + "\n") }
                open = nil
            } else {
                open?.append(line)
            }
        }
        return blocks
    }
}
