import FoundationEssentials

/// The types of FoundationEssentials that have a JSON form of their own, other than their Codable conformance's.
///
/// This and the files beside it are all that the module has to do with FoundationEssentials.
struct FoundationForms: Sendable {
    static let shared = FoundationForms()

    // Kept here, since asking for another module's type costs a call each time.
    private let date = ObjectIdentifier(Date.self)
    private let uuid = ObjectIdentifier(UUID.self)
    private let data = ObjectIdentifier(Data.self)
    private let decimal = ObjectIdentifier(Decimal.self)
    private let url = ObjectIdentifier(URL.self)

    /// The form of a type, nil if it has none of its own.
    @inline(__always)
    func form(of type: Any.Type) -> FoundationForm? {
        let type = ObjectIdentifier(type)
        if type == date { return .date }
        if type == uuid { return .uuid }
        if type == data { return .data }
        if type == decimal { return .decimal }
        if type == url { return .url }
        return nil
    }
}

/// One of the JSON forms.
enum FoundationForm {
    /// RFC 3339 text in UTC with milliseconds; read with any fraction and offset.
    case date
    /// Lower-case text (RFC 9562, section 4); read in any letter case.
    case uuid
    /// Base64 with padding (RFC 4648, section 4).
    case data
    /// A number.
    case decimal
    /// Text (RFC 3986).
    case url
}
