using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Xunit;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>The check of answers finds what is wrong, and a seed repeats its requests.</summary>
public sealed class AnswerCheckTests
{
    private const string Document = """
        {
          "paths": {
            "/v1/things/{id}": {
              "put": {
                "operationId": "putThing",
                "parameters": [{"name": "id", "in": "path", "example": "x", "schema": {"type": "string"}}, {"name": "limit", "in": "query", "schema": {"type": "integer"}}],
                "requestBody": {"content": {"application/json": {"example": {"role": "user", "content": ["a", {"b": 1}]}}}},
                "responses": {"200": {"content": {"application/json": {"schema": {"type": "object", "required": ["version"], "properties": {"version": {"type": "integer"}}}}}}, "400": {}, "429": {}}
              }
            },
            "/v1/things": {"post": {"operationId": "commitTurn", "requestBody": {"content": {"application/json": {"example": {}}}}, "responses": {"200": {}, "400": {}}}}
          }
        }
        """;

    private static readonly JsonElement Parsed = JsonElement.Parse(Document);
    private static readonly ImmutableArray<Operation> Operations = Operation.All(Parsed);

    [Theory]
    [InlineData(200, "application/json", """{"version":1}""", null)]
    [InlineData(200, "application/json", """{"version":"1"}""", "schema")]
    [InlineData(200, "application/json", "{", "not JSON")]
    [InlineData(200, "text/plain", "x", "text/plain")]
    [InlineData(201, "application/json", "{}", "not described")]
    [InlineData(500, "application/problem+json", """{"code":"internal-error"}""", "status 500")]
    [InlineData(
        400,
        "application/problem+json",
        """{"type":"urn:orleans-memory:problem:invalid-request","title":"t","status":400,"detail":"d","code":"invalid-request"}""",
        null
    )]
    [InlineData(
        400,
        "application/problem+json",
        """{"type":"urn:orleans-memory:problem:invalid-request","title":"t","status":409,"detail":"d","code":"invalid-request"}""",
        "members"
    )]
    [InlineData(
        400,
        "application/problem+json",
        """{"type":"urn:orleans-memory:problem:made-up","title":"t","status":400,"detail":"d","code":"made-up"}""",
        "not known"
    )]
    [InlineData(
        400,
        "application/json",
        """{"type":"urn:orleans-memory:problem:invalid-request","title":"t","status":400,"detail":"d","code":"invalid-request"}""",
        "a problem as"
    )]
    [InlineData(400, null, "", "without a problem")]
    [InlineData(
        400,
        "application/problem+json",
        """{"type":"urn:orleans-memory:problem:invalid-request","title":"t","status":400,"detail":"System.FormatException: x","code":"invalid-request"}""",
        "tells"
    )]
    [InlineData(
        400,
        "application/problem+json",
        """{"type":"urn:orleans-memory:problem:invalid-request","title":"t","status":400,"detail":"at Foo.Bar() in /work/x.cs:line 3","code":"invalid-request"}""",
        "tells"
    )]
    [InlineData(
        400,
        "application/problem+json",
        """{"type":"urn:orleans-memory:problem:invalid-request","title":"t","status":400,"detail":"22P05: unsupported","code":"invalid-request"}""",
        "tells"
    )]
    [InlineData(
        429,
        "application/problem+json",
        """{"type":"urn:orleans-memory:problem:overloaded","title":"t","status":429,"detail":"d","code":"overloaded"}""",
        "Retry-After"
    )]
    public void What_is_wrong_is_found(int status, string? contentType, string body, string? fault)
    {
        Operation operation = Operations.First(operation => operation.Id == "putThing");
        var request = new HostileRequest
        {
            Operation = operation,
            Method = "PUT",
            Head = [],
            IsOfOperation = true,
        };
        Dictionary<string, string> headers = contentType is null ? [] : new(StringComparer.Ordinal) { ["content-type"] = contentType };

        string[] faults = [.. new AnswerCheck(Parsed).Check(request, new Answer(status, headers, Encoding.UTF8.GetBytes(body), false))];

        if (fault is null)
        {
            Assert.Empty(faults);
        }
        else
        {
            Assert.Contains(faults, found => found.Contains(fault, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_seed_repeats_its_requests_and_another_makes_others()
    {
        string first = All(7);
        Assert.Equal(first, All(7));
        Assert.NotEqual(first, All(8));

        static string All(int seed)
        {
            var maker = new RequestMaker(seed, Operations, "key");
            return string.Join(
                '\n',
                Enumerable
                    .Range(0, 300)
                    .Select(place => maker.Make(place))
                    .Select(request => Convert.ToHexString(request.Head) + Convert.ToHexString(request.Body))
            );
        }
    }
}
