import Foundation
import JSONCoding
import Manifests
import Testing

@testable import Gateway

/// Wycheproof's vectors for JWS and JWK, where they are installed: `$SWIFTLET_SUITES`, or `shared/suites` beside the
/// package.
///
/// Their payloads are no claims, so shape, header, key and signature are tested, as `Authenticator` does before the
/// claims. Keys of a set go the way of a key set; a symmetric key goes the way of the manifest's secret too.
@Suite("The public vectors for JWS and JWK")
struct JSONWebSuiteTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let token: String
        let isValid: Bool
        let keys: JSONValue
    }

    static let folder = PublicSuites.folder("json-web")

    static let isInstalled = FileManager.default.fileExists(atPath: folder.path())
    static let skipped: Comment =
        "the public vectors for JWS and JWK are not installed; set SWIFTLET_SUITES to their folder"

    /// Vectors called valid that we refuse, and why.
    static let stricter: [String: String] = [
        "json_web_signature_test 346": "RFC 7517, section 4.4: the key says PS256, the token PS384",
        "json_web_signature_test 350": "RFC 7517, section 4.4: the key says PS256, the token PS384",
        "json_web_signature_test 347": "there is no algorithm ES521, which the key names",
        "json_web_signature_test 351": "there is no algorithm ES521, which the key names",
        "json_web_signature_test 372": "RFC 7515, section 2: a character that is not of base64url",
        "json_web_signature_test 373": "RFC 7515, section 2: a character that is not of base64url",
    ]

    private static func vectors(_ file: String) throws -> [Vector] {
        let bytes = Array(try Data(contentsOf: folder.appending(path: file + ".json")))
        let groups = try JSONValue.parse(bytes)["testGroups"]?.arrayValue ?? []
        return groups.flatMap { group -> [Vector] in
            let keys = group["public"] ?? group["private"] ?? .null
            return (group["tests"]?.arrayValue ?? []).map { test in
                Vector(
                    testDescription: "\(file) \(test["tcId"]?.description ?? "?")",
                    // The JSON form of a signature (RFC 7515, section 7.2) is no bearer token; its text is tried.
                    token: test["jws"]?.stringValue ?? test["jws"]?.description ?? "",
                    isValid: test["result"] == .string("valid"), keys: keys)
            }
        }
    }

    @Test(
        "every vector called invalid is refused, and every valid one accepted", .enabled(if: isInstalled, skipped),
        arguments: ["json_web_signature_test", "json_web_key_test"])
    func vectors(_ file: String) async throws {
        var (accepted, refused, strict, twofold) = (0, 0, 0, 0)
        let all = try Self.vectors(file)
        for vector in all {
            let isAccepted = try await Self.isAccepted(vector)
            // Two vectors are called invalid for their padding, have none, and are a valid one's bytes under its key.
            if !vector.isValid,
                all.contains(where: { $0.isValid && $0.token == vector.token && $0.keys == vector.keys })
            {
                twofold += 1
                continue
            }
            if vector.isValid, Self.stricter[vector.testDescription] != nil {
                #expect(!isAccepted, "\(vector.testDescription) is accepted after all")
                strict += 1
            } else {
                #expect(isAccepted == vector.isValid, "\(vector.testDescription)")
                if isAccepted { accepted += 1 } else { refused += 1 }
            }
        }
        print(
            "\(file): \(accepted) valid ones accepted, \(refused) invalid ones refused, \(strict) valid ones refused on "
                + "purpose, \(twofold) called both valid and invalid")
        let isKeys = file == "json_web_key_test"
        #expect(accepted + refused + strict + twofold == (isKeys ? 26 : 401))
        #expect(twofold == (isKeys ? 0 : 2) && strict == (isKeys ? 0 : 6))
    }

    private static func isAccepted(_ vector: Vector) async throws -> Bool {
        let members = vector.keys["keys"] ?? .array([vector.keys])
        let json = JSONValue.object(["keys": members]).serialize()
        if let set = try? KeySet(json: json, allowed: JWTAlgorithm.allCases), await isGood(vector.token, set) {
            return true
        }
        // A set with public keys in it, or two secrets of one name, stands for no manifest.
        let secrets = members.arrayValue ?? []
        let names = Set(secrets.map { $0["kid"]?.stringValue ?? "" })
        guard names.count == secrets.count, secrets.allSatisfy({ $0["kty"] == .string("oct") }),
            let key = secrets.first, let bytes = Base64URL.decode(key["k"]?.stringValue ?? "")
        else { return false }
        let allowed = JWTAlgorithm.allCases.filter { $0.rawValue == key["alg"]?.stringValue }
        guard let set = try? KeySet(secret: bytes, allowed: allowed) else { return false }
        return await isGood(vector.token, set)
    }

    private static func isGood(_ token: String, _ set: KeySet) async -> Bool {
        guard let token = try? SignedToken(Array(token.utf8), allowed: JWTAlgorithm.allCases),
            case .keys(let keys) = set.find(id: token.keyID, algorithm: token.algorithm)
        else { return false }
        for key in keys where await key.isValid(token.signature, over: token.signed, by: token.algorithm) {
            return true
        }
        return false
    }
}
