import FunctionKit

extension Caller {
    /// The user whom the caller's id names; nil when it names none: for an anonymous caller, an API key, another issuer's
    /// subject. Only a number as the tokens have it counts, so that one user has one id: neither `042` nor `+42`.
    public var userID: Int? {
        guard let id, let number = Int(id), number > 0, String(number) == id else { return nil }
        return number
    }
}
