import Glibc

/// A system call that did not succeed, with its `errno`.
public struct SystemCallFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call's name, such as `epoll_ctl`.
    public let call: String
    /// The value of `errno`, such as `EMFILE`.
    public let code: Int32

    /// A failure of `call` with the value `code` of `errno`.
    public init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// The call and the system's sentence for the code.
    public var description: String {
        guard let text = strerror(code) else { return "\(call): error \(code)" }
        return "\(call): \(String(cString: text))"
    }
}
