import FunctionKit
import Shop

/// A user to be created, whose fields have been checked.
struct NewUser {
    let name: String
    let email: String
    let role: Role
    let password: String?

    /// Throws a validation error with every fault of the input, not only the first.
    init(_ input: CreateUser.Input) throws(APIError) {
        var faults: [APIError.Detail] = []
        func fault(_ field: String, _ message: String) {
            faults.append(APIError.Detail(field: field, in: "body", message: message))
        }

        let name = Self.trimmed(input.name)
        if name.isEmpty || name.unicodeScalars.count > 200 {
            fault("name", "Name must have 1 to 200 characters")
        } else if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            fault("name", "Name must not have control characters")
        }
        let email = Self.trimmed(input.email)
        if !EmailAddress.isValid(email) { fault("email", "Email format is invalid") }
        let role = input.role.map { Role(rawValue: $0) } ?? .customer
        if role == nil {
            fault("role", "Role must be one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        if let password = input.password {
            // bcrypt reads no more than 72 bytes, and ends at a zero byte.
            if password.unicodeScalars.count < 8 || password.utf8.count > 72 {
                fault("password", "Password must have 8 characters at least and 72 bytes at most")
            }
            if password.utf8.contains(0) { fault("password", "Password must not have a zero character") }
        }
        guard faults.isEmpty, let role else { throw APIError(.validationError, details: faults) }
        self.name = name
        self.email = email
        self.role = role
        password = input.password
    }

    private static func trimmed(_ text: String) -> String {
        var rest = Substring(text)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
