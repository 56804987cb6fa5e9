import FunctionKit
import Shop
import Testing

@Suite struct VisibilityTests {
    @Test(
        "a caller's id is a user's only as tokens have it",
        arguments: [
            ("1", 1), ("9223372036854775807", Int.max), ("0", nil), ("-1", nil), ("+1", nil), ("01", nil), (" 1", nil),
            ("1 ", nil), ("", nil), ("1.0", nil), ("9223372036854775808", nil), ("١", nil), ("alice", nil), (nil, nil),
        ] as [(String?, Int?)])
    func userID(id: String?, expected: Int?) {
        #expect(Caller(id: id).userID == expected)
    }

    @Test(
        "roles decide what a caller sees",
        arguments: [
            (Caller.admin, .all), (.support, .all), (.customer(3), .own(3)), (.anonymous, .nothing),
            (Caller(id: "reports", roles: ["support"]), .all), (Caller(id: "reports"), .nothing),
            (Caller(id: "3", roles: ["ADMIN"]), .own(3)), (Caller(roles: ["customer"]), .nothing),
            (Caller(id: "3", roles: ["customer", "support"]), .all),
        ] as [(Caller, Visibility)])
    func visibility(caller: Caller, expected: Visibility) {
        #expect(Visibility(caller) == expected)
        #expect(Visibility(caller).includes(3) == (expected == .all || expected == .own(3)))
        #expect(Visibility(caller).includes(4) == (expected == .all))
    }
}
