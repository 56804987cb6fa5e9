import JSONCoding
import Testing

@Suite("Keys in snake case")
struct JSONKeyStrategyTests {
    struct User: Codable, Equatable {
        var userID: Int
        var createdAt: String
        var homeURLPath: String?
        var tags: [String: [String: Int]]
        var inner: Inner
        struct Inner: Codable, Equatable {
            var isActive = true, v2Name = "x", _privateKey = 1, already_snake = 2
        }
    }

    private let user = User(
        userID: 1, createdAt: "now", homeURLPath: "/", tags: ["camelCase": ["innerKey": 1]], inner: .init())
    private let text =
        #"{"user_id":1,"created_at":"now","home_url_path":"/","tags":{"camelCase":{"innerKey":1}},"#
        + #""inner":{"is_active":true,"v2_name":"x","_private_key":1,"already_snake":2}}"#

    @Test("properties change and come back, the keys of dictionaries stay")
    func roundTrip() throws {
        #expect(try json(user, options: .init(keys: .snakeCase)) == text)
        #expect(try value(User.self, from: text, options: .init(keys: .snakeCase)) == user)
        #expect(try json([user], options: .init(keys: .asWritten)).contains("homeURLPath"))
    }

    @Test("errors name the keys as the document has them")
    func errors() throws {
        let options = JSONDecodingOptions(keys: .snakeCase)
        #expect(failure(User.self, from: "{}", options: options)?.path == ["user_id"])
        #expect(failure(User.self, from: #"{"user_id":"x"}"#, options: options)?.path == ["user_id"])
        #expect(failure(User.self, from: #"{"userID":1}"#, options: options)?.kind == .missing)
        struct Price: Encodable { var netPrice = Double.nan }
        let error = #expect(throws: JSONEncodingError.self) {
            try json(Price(), options: .init(keys: .snakeCase))
        }
        #expect(error?.path == ["net_price"])
    }

    @Test("enums with values and all keys work too")
    func enums() throws {
        enum Event: Codable, Equatable { case userCreated(userName: String) }
        let event = Event.userCreated(userName: "a")
        #expect(try json(event, options: .init(keys: .snakeCase)) == #"{"user_created":{"user_name":"a"}}"#)
        let read = try value(
            Event.self, from: #"{"user_created":{"user_name":"a"}}"#, options: .init(keys: .snakeCase))
        #expect(read == event)
    }
}
