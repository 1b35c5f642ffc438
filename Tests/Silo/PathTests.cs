using System.Net;
using System.Text;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>
/// A request is about what its path names, and about nothing else. A real server is asked: it resolves escapes and steps before routing
/// sees them.
/// </summary>
public sealed class PathTests(PathTests.ServedApp app) : IClassFixture<PathTests.ServedApp>
{
    private static readonly string[] Parts =
    [
        ".",
        "..",
        "/",
        "//",
        "%",
        "%2E",
        "%2F",
        "%252e",
        "\\",
        "a",
        "B",
        "é",
        "😀",
        " ",
        "+",
        "?",
        "#",
        "&",
        "=",
        ";",
        ":",
        "~",
        "'",
    ];

    private static readonly string[] Steps = [".", "..", "%2e", "%2E%2E", ".%2e", "%2e.", "%2E"];

    [Fact]
    public async Task Every_accepted_name_of_an_entry_is_reached_by_its_path_and_nothing_else_is()
    {
        Conversation conversation = app.Conversation("entries");
        await conversation.AppendAsync(new Microsoft.Extensions.AI.ChatMessage(Microsoft.Extensions.AI.ChatRole.User, "kept"));
        await conversation.SetEntryAsync(EntrySpaces.Session("n"), "k", "0");
        var random = new Random(20261128);
        for (int i = 0; i < 150; i++)
        {
            (string space, string key) = (Name(random), Name(random));
            string path = $"/v1/conversations/entries/entries/{Uri.EscapeDataString(space)}/{Uri.EscapeDataString(key)}";
            bool accepted = space is not ("." or "..") && key is not ("." or "..");

            HttpStatusCode put = await app.SendAsync("PUT", path, "1");
            ConversationSnapshot after = (await conversation.GetSnapshotAsync())!;

            Assert.Equal((accepted ? HttpStatusCode.OK : HttpStatusCode.BadRequest, path), (put, path));
            string[] expected = accepted ? [EntrySpaces.Session(space) + "\n" + key, "session:n\nk"] : ["session:n\nk"];
            Assert.Equal(
                expected.Order(StringComparer.Ordinal).Distinct(),
                after.Entries.Select(entry => entry.Space + "\n" + entry.Key).Order(StringComparer.Ordinal)
            );
            Assert.Equal(1, after.Head.LastSequence);
            if (accepted && (space, key) != ("n", "k"))
            {
                Assert.Equal(HttpStatusCode.OK, await app.SendAsync("GET", path));
                Assert.Equal(HttpStatusCode.OK, await app.SendAsync("DELETE", path));
                Assert.Single((await conversation.GetSnapshotAsync())!.Entries);
            }
        }
    }

    [Fact]
    public async Task Every_accepted_user_is_erased_by_its_path_and_no_other_user_is()
    {
        var random = new Random(20261129);
        await app.Conversation("bobs").CommitAsync(Owned("bob"));
        for (int i = 0; i < 60; i++)
        {
            string user = Name(random);
            bool accepted = user is not ("." or "..");
            if (accepted)
            {
                await app.Conversation("users").CommitAsync(Owned(user));
            }

            HttpStatusCode erased = await app.SendAsync("DELETE", "/v1/users/" + Uri.EscapeDataString(user));

            Assert.Equal((accepted ? HttpStatusCode.OK : HttpStatusCode.BadRequest, user), (erased, user));
            Assert.Null(await app.Conversation("users").GetHeadAsync());
            Assert.NotNull(await app.Conversation("bobs").GetHeadAsync());
        }
    }

    [Fact]
    public async Task A_step_anywhere_in_a_path_changes_nothing()
    {
        Conversation conversation = app.Conversation("steps");
        await conversation.CommitAsync(Owned("bob") with { Messages = [Messages.User("kept")] });
        await conversation.SetEntryAsync(EntrySpaces.Session("n"), "k", "0");
        ConversationSnapshot before = (await conversation.GetSnapshotAsync())!;
        foreach (string step in Steps)
        {
            string[] paths =
            [
                $"/v1/conversations/steps/entries/{step}/messages",
                $"/v1/conversations/steps/entries/n/{step}",
                $"/v1/conversations/steps/entries/n/k/{step}/{step}/{step}/messages",
                $"/v1/conversations/steps/entries/n/k/{step}",
                $"/v1/conversations/steps/{step}",
                $"/v1/conversations/other/{step}/steps",
                $"/v1/conversations/{step}/conversations/steps",
                $"/v1/users/bob/{step}",
                $"/v1/users/{step}",
                $"/v1/users/eve/{step}/bob",
                $"/{step}/v1/users/bob",
                $"http://127.0.0.1/v1/users/eve/{step}/bob",
            ];
            foreach (string path in paths)
            {
                Assert.Equal((HttpStatusCode.BadRequest, path), (await app.SendAsync("DELETE", path), path));
                Assert.Equal((HttpStatusCode.BadRequest, path), (await app.SendAsync("GET", path), path));
            }
        }

        ConversationSnapshot after = (await conversation.GetSnapshotAsync())!;
        Assert.Equal((before.Head, before.Entries.Length), (after.Head, after.Entries.Length));
    }

    [Theory]
    [InlineData("/v1/users/")]
    [InlineData("/v1/users//")]
    [InlineData("/v1/conversations//entries/n/k")]
    [InlineData("/v1/conversations/steps/entries//k")]
    public async Task An_empty_name_is_no_name(string path) =>
        Assert.Contains(
            await app.SendAsync("DELETE", path),
            new HashSet<HttpStatusCode> { HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed }
        );

    private static Turn Owned(string user) =>
        new() { TurnId = Conversation.NewTurnId(), Settings = SettingsChange.Replace(new ConversationSettings { UserId = user }) };

    // One part in six is a name by itself, so that every kind of step comes up as a whole name.
    private static string Name(Random random) =>
        random.Next(6) == 0
            ? Parts[random.Next(Parts.Length)]
            : string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Parts[random.Next(Parts.Length)]));

    /// <summary>The silo's app on a port of its own, asked with request lines that no client has changed.</summary>
    public sealed class ServedApp : SiloApp
    {
        public ServedApp() => UseKestrel(0);

        public Conversation Conversation(string id)
        {
            _ = Http;
            return ((ConversationClient)Services.GetService(typeof(ConversationClient))!).Get(id);
        }

        public async Task<HttpStatusCode> SendAsync(string method, string target, string? json = null)
        {
            Uri address = Http.BaseAddress!;
            using var socket = new System.Net.Sockets.TcpClient();
            await socket.ConnectAsync(address.Host, address.Port);
            byte[] body = Encoding.UTF8.GetBytes(json ?? string.Empty);
            string head =
                $"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                + (json is null ? "" : $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n")
                + "\r\n";
            System.Net.Sockets.NetworkStream stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
            await stream.WriteAsync(body);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            string status = (await reader.ReadLineAsync())!;
            await reader.ReadToEndAsync();
            return (HttpStatusCode)int.Parse(status.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
