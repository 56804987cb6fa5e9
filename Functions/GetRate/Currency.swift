/// The code of a currency, three letters (ISO 4217), such as `USD`.
struct Currency: Sendable, Equatable {
    /// The code in capitals.
    let code: String

    /// The currency of this code, however its letters are written; nil unless it is three letters. Whether there is
    /// such a currency is for the service to say.
    init?(_ text: String) {
        let letters = text.utf8.filter { (0x41...0x5A).contains($0 & 0xDF) }
        guard letters.count == 3, text.utf8.count == 3 else { return nil }
        code = String(decoding: letters.map { $0 & 0xDF }, as: UTF8.self)
    }
}
