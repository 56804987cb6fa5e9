import Manifests
import WireProtocol

/// Which errors of the conventions (contract 3.2) a route can answer with.
struct ReachableErrors: Equatable {
    /// Those of the runtime's table, in its order, each once.
    var codes: [ErrorCode]
    /// The handler's own, whose status no manifest names, in the manifest's order.
    var own: [String]

    /// The errors of an operation: those of the front door, of its policies and of its worker, and what `errors` lists.
    ///
    /// Left out is what answers bytes that are not this operation at all: 417, 501, 505.
    init(_ operation: PathTemplates.Operation, in manifest: Manifest) {
        let function = operation.function
        let isGet = operation.route.method == "GET"
        var found: Set<ErrorCode> = [
            .badRequest, .requestTimeout, .payloadTooLarge, .uriTooLong, .headersTooLarge, .internalError,
            .functionCrashed, .overloaded, .functionUnavailable, .functionTimeout,
        ]
        // `If-Match` and `If-Unmodified-Since` are held against whatever the function answers.
        if isGet { found.insert(.preconditionFailed) }
        if Self.takesBody(operation) { found.insert(.unsupportedMediaType) }
        if !operation.parameters.isEmpty || function.page != nil || function.input != InputSchemas() || !isGet {
            found.insert(.validationError)
        }
        // A parameter may be empty or consist of dots, which is another address, or name what is not there.
        if !operation.parameters.isEmpty { found.formUnion([.notFound, .methodNotAllowed]) }
        // The version that the header names may not have this address.
        if operation.choosesVersion { found.insert(.notFound) }
        found.formUnion(Self.authentication(function.auth, manifest))
        if let idempotency = function.idempotency {
            found.formUnion([.idempotencyConflict, .idempotencyMismatch])
            if idempotency.required { found.insert(.idempotencyKeyRequired) }
        }
        if !function.rate.isEmpty || !manifest.rate.isEmpty { found.insert(.rateLimitExceeded) }

        var own: [String] = []
        for text in function.errors {
            if let code = ErrorCode(rawValue: text) {
                found.insert(code)
            } else if !own.contains(text) {
                own.append(text)
            }
        }
        codes = ErrorCode.allCases.filter { found.contains($0) }
        self.own = own
    }

    /// Whether a body is wanted, so that its type is looked at.
    static func takesBody(_ operation: PathTemplates.Operation) -> Bool {
        operation.function.input.body != nil || ["POST", "PUT", "PATCH"].contains(operation.route.method)
    }

    private static func authentication(_ rule: AuthRule, _ manifest: Manifest) -> Set<ErrorCode> {
        var found: Set<ErrorCode> = [.invalidToken]
        switch rule {
        case .none: return []
        case .optional: break
        case .required(let roles, let scopes, _):
            found.insert(.noToken)
            if !roles.isEmpty || !scopes.isEmpty { found.insert(.forbidden) }
        }
        // Only keys that come over the network can be out of reach.
        if SecurityDescription.kinds(rule, manifest.auth).contains(.jwt), case .url? = manifest.auth?.jwt?.keys {
            found.insert(.authUnavailable)
        }
        return found
    }
}
