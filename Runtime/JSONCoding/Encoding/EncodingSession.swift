/// What all containers of one call to `JSONEncoding.encode` share.
final class EncodingSession {
    let options: JSONEncodingOptions

    /// The first fault of a kind that the Codable protocols give no way to throw at once.
    private(set) var fault: EncodingError?

    /// Keys in snake case, by property names; a list repeats the same few.
    private var snakeCased: [String: String] = [:]

    init(_ options: JSONEncodingOptions) { self.options = options }

    func record(_ fault: EncodingError) {
        if self.fault == nil { self.fault = fault }
    }

    func snakeCase(_ name: String) -> String {
        if let known = snakeCased[name] { return known }
        let made = JSONKeyStrategy.snakeCased(name)
        snakeCased[name] = made
        return made
    }
}
