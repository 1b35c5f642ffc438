using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansMemory.Cli;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Cli;

/// <summary>
/// ChatGPT's <c>conversations.json</c> as conversations: what is kept, what is left out and said, and that a second import writes nothing
/// twice.
/// </summary>
public sealed class ChatGptImportTests(SharedSilo silo) : IDisposable
{
    private const string Kinds = """
        [{"title":"Kinds","create_time":1750000000.5,"conversation_id":"kinds","default_model_slug":"m-1","current_node":"n14","mapping":{
          "root":{"id":"root","message":null,"parent":null,"children":["n0"]},
          "n0":{"message":{"id":"n0","author":{"role":"system"},"content":{"content_type":"text","parts":[""]},"weight":0},"parent":"root"},
          "n1":{"message":{"id":"n1","author":{"role":"user"},"content":{"content_type":"user_editable_context","user_profile":"I am Ana.","user_instructions":"Be brief."},"metadata":{"is_visually_hidden_from_conversation":true}},"parent":"n0"},
          "n2":{"message":{"id":"n2","author":{"role":"user"},"create_time":1750000001.123456,"content":{"content_type":"multimodal_text","parts":[
              {"content_type":"image_asset_pointer","asset_pointer":"file-service://file-AbC1","width":1,"height":1},"What is","this?",
              {"content_type":"image_asset_pointer","asset_pointer":"sediment://file_00ff"},{"content_type":"audio_transcription","text":"spoken","direction":"in"},{"content_type":"smell","of":"rain"}]},
              "metadata":{"attachments":[{"id":"file-AbC1","name":"hill.png","mime_type":"image/png"}]}},"parent":"n1"},
          "n3":{"message":{"id":"n3","author":{"role":"assistant"},"create_time":1750000002,"content":{"content_type":"thoughts","thoughts":[{"summary":"Looking","content":"It has a hill."}]},"recipient":"all"},"parent":"n2"},
          "n4":{"message":{"id":"n4","author":{"role":"assistant"},"create_time":1750000003,"content":{"content_type":"reasoning_recap","content":"Thought for 3 seconds"},"recipient":"all"},"parent":"n3"},
          "n5":{"message":{"id":"n5","author":{"role":"assistant"},"create_time":1750000004,"content":{"content_type":"code","language":"json","text":"{\"query\":\"hills\"}"},"recipient":"browser.search"},"parent":"n4"},
          "n6":{"message":{"id":"n6","author":{"role":"tool","name":"browser"},"create_time":1750000005,"content":{"content_type":"tether_browsing_display","result":"seven","summary":""},"recipient":"all"},"parent":"n5"},
          "n7":{"message":{"id":"n7","author":{"role":"assistant"},"create_time":1750000006,"content":{"content_type":"code","language":"python","text":"print(7)"},"recipient":"python"},"parent":"n6"},
          "n8":{"message":{"id":"n8","author":{"role":"tool","name":"python"},"create_time":1750000007,"content":{"content_type":"execution_output","text":"7"},"recipient":"all"},"parent":"n7"},
          "n9":{"message":{"id":"n9","author":{"role":"tool","name":"elsewhere"},"create_time":1750000008,"content":{"content_type":"tether_quote","title":"A page","url":"https://example.com","text":"quoted"}},"parent":"n8"},
          "n10":{"message":{"id":"n10","author":{"role":"assistant"},"create_time":1750000009,"content":{"content_type":"system_error","name":"Timeout","text":"too slow"}},"parent":"n9"},
          "n11":{"message":{"id":"n11","author":{"role":"critic"},"create_time":null,"content":{"content_type":"text","parts":["half \ud800 of"]}},"parent":"n10"},
          "n12":{"message":{"id":"n12","author":{"role":"assistant"},"create_time":1750000010,"content":{"content_type":"hologram","shape":[7]}},"parent":"n11"},
          "n13":{"message":{"id":"n13","author":{"role":"assistant"},"create_time":1750000011,"content":{"content_type":"text","parts":["Another answer."]}},"parent":"n12"},
          "n14":{"message":{"id":"n14","author":{"role":"assistant"},"create_time":1750000012,"content":{"content_type":"text","parts":["The answer."]},"metadata":{"model_slug":"m-2"}},"parent":"n12"}}}]
        """;

    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private readonly SiloTenant _tenant = silo.NewTenant();
    private readonly string _folder = Directory.CreateTempSubdirectory("omem").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_kind_of_content_is_kept_as_what_it_is()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "file-AbC1-hill.png"), Png);

        JsonElement report = await ImportAsync(Kinds, "--user", "ana");

        JsonElement conversation = await ReadAsync("chatgpt-kinds");
        Assert.Equal(
            ("ana", "Kinds"),
            (
                conversation.GetProperty("settings").GetProperty("userId").GetString(),
                conversation.GetProperty("settings").GetProperty("title").GetString()
            )
        );
        JsonElement[] messages = [.. conversation.GetProperty("messages").EnumerateArray()];
        Assert.Equal(
            Enumerable.Range(2, 13).Where(static n => n != 13).Select(static n => FormattableString.Invariant($"n{n}")),
            messages.Select(static message => message.GetProperty("messageId").GetString())
        );
        Assert.Equal(
            """[{"$type":"data","uri":"data:image/png;base64,iVBORw0KGgo="},{"$type":"text","text":"What is\nthis?"},{"$type":"uri","uri":"sediment://file_00ff","mediaType":"image/*"},{"$type":"text","text":"spoken"},{"$type":"text","text":"{\u0022content_type\u0022:\u0022smell\u0022,\u0022of\u0022:\u0022rain\u0022}"}]""",
            Contents(messages[0])
        );
        Assert.Equal("2025-06-15T15:06:41.123456+00:00", messages[0].GetProperty("createdAt").GetString());
        Assert.Equal("""[{"$type":"reasoning","text":"Looking\nIt has a hill."}]""", Contents(messages[1]));
        Assert.Equal("""[{"$type":"reasoning","text":"Thought for 3 seconds"}]""", Contents(messages[2]));
        Assert.Equal(
            """[{"$type":"functionCall","name":"browser.search","arguments":{"query":"hills"},"callId":"n5"}]""",
            Contents(messages[3])
        );
        Assert.Equal("""[{"$type":"functionResult","result":"seven","callId":"n5"}]""", Contents(messages[4]));
        Assert.Equal(
            """[{"$type":"functionCall","name":"python","arguments":{"input":"print(7)"},"callId":"n7"}]""",
            Contents(messages[5])
        );
        Assert.Equal("""[{"$type":"functionResult","result":"7","callId":"n7"}]""", Contents(messages[6]));
        Assert.Equal("""[{"$type":"text","text":"A page\nhttps://example.com\nquoted"}]""", Contents(messages[7]));
        Assert.StartsWith("""[{"$type":"error","message":"Timeout\ntoo slow""", Contents(messages[8]), StringComparison.Ordinal);
        Assert.Equal("2025-06-15T15:06:49+00:00", messages[9].GetProperty("createdAt").GetString());
        Assert.Equal("assistant", messages[9].GetProperty("role").GetString());
        Assert.Contains("half \uFFFD of", messages[9].GetProperty("contents")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"chatgpt":{"model":"m-2"}}""", messages[11].GetProperty("additionalProperties").GetRawText());
        Assert.Contains("hill.png", messages[0].GetProperty("additionalProperties").GetRawText(), StringComparison.Ordinal);
        Dictionary<string, long> notes = report
            .GetProperty("notes")
            .EnumerateArray()
            .ToDictionary(
                static note => note.GetProperty("what").GetString()!.Split(':')[0],
                static note => note.GetProperty("count").GetInt64(),
                StringComparer.Ordinal
            );
        Assert.Equal(
            new SortedDictionary<string, long>(StringComparer.Ordinal)
            {
                ["attached files"] = 1,
                ["contents of the unknown type 'hologram'"] = 1,
                ["contents of the unknown type 'smell'"] = 1,
                ["empty messages"] = 1,
                ["files that are not in the export's folder"] = 1,
                ["messages of other branches"] = 1,
                ["messages of the unknown role 'critic'"] = 1,
                ["messages that ChatGPT does not show"] = 1,
                ["messages without a time"] = 1,
            },
            new SortedDictionary<string, long>(notes, StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Files_that_a_message_has_no_room_for_are_kept_as_their_pointers()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "file-AbC1-hill.png"), [.. Png, .. new byte[2_000_000]]);
        Directory.CreateDirectory(Path.Combine(_folder, "of-a-user"));
        await File.WriteAllBytesAsync(Path.Combine(_folder, "of-a-user", "file_00ff-sea.jpg"), new byte[200_000]);

        JsonElement report = await ImportAsync(Kinds);

        string contents = Contents((await ReadAsync("chatgpt-kinds")).GetProperty("messages")[0]);
        Assert.Contains("data:image/png;base64,iVBORw0KGgoAAAA", contents, StringComparison.Ordinal);
        Assert.Contains("\"uri\":\"sediment://file_00ff\"", contents, StringComparison.Ordinal);
        Assert.Contains("files beyond 2 MiB of a message", report.GetProperty("notes").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hidden_messages_and_branches_are_imported_where_they_are_asked_for()
    {
        await ImportAsync(Kinds, "--hidden", "--branches");

        JsonElement main = await ReadAsync("chatgpt-kinds");
        Assert.Equal(
            ("system", "I am Ana.\nBe brief."),
            (
                main.GetProperty("messages")[0].GetProperty("role").GetString(),
                main.GetProperty("messages")[0].GetProperty("contents")[0].GetProperty("text").GetString()
            )
        );
        JsonElement branch = await ReadAsync("chatgpt-kinds~n13");
        Assert.Equal(
            "Another answer.",
            branch.GetProperty("messages").EnumerateArray().Last().GetProperty("contents")[0].GetProperty("text").GetString()
        );
        Assert.Equal("chatgpt-kinds", branch.GetProperty("settings").GetProperty("metadata").GetProperty("branchOf").GetString());
        Assert.Equal(
            branch.GetProperty("messages").GetArrayLength() - 1,
            branch.GetProperty("settings").GetProperty("metadata").GetProperty("sharedMessages").GetInt32()
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Generated_trees_come_to_their_shown_paths_and_grow_by_what_is_new(int seed)
    {
        var random = new Random(seed);
        GeneratedChat[] chats =
        [
            .. Enumerable.Range(0, 12).Select(number => new GeneratedChat(random, FormattableString.Invariant($"g{seed}-{number}"))),
        ];

        await ImportAsync(Write(chats, random), "--parallel", "5");
        await AssertShownAsync(chats);
        JsonElement again = await ImportAsync(Write(chats, random));
        Assert.Equal(
            (0, 0, 12),
            (Imported(again, "conversations"), Imported(again, "messages"), again.GetProperty("unchanged").GetInt64())
        );

        long before = chats.Sum(static chat => chat.Shown.LongLength);
        long there = 0;
        foreach (GeneratedChat chat in chats.Where(static (_, number) => number % 2 == 0))
        {
            chat.GoOn();
            there++;
        }

        JsonElement grown = await ImportAsync(Write(chats, random));
        await AssertShownAsync(chats);
        Assert.Equal(chats.Sum(static chat => chat.Shown.LongLength) - before, Imported(grown, "messages"));
        Assert.True(grown.GetProperty("continued").GetInt64() <= there, grown.GetRawText());
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Branches_of_generated_trees_are_conversations_of_their_own(int seed)
    {
        var random = new Random(seed);
        GeneratedChat[] chats =
        [
            .. Enumerable.Range(0, 8).Select(number => new GeneratedChat(random, FormattableString.Invariant($"b{seed}-{number}"))),
        ];

        await ImportAsync(Write(chats, random), "--branches");

        await AssertShownAsync(chats);
        foreach (GeneratedChat chat in chats)
        {
            var branches = new List<string>();
            foreach (string id in (await ListAsync()).Where(id => id.StartsWith($"chatgpt-{chat.Id}~", StringComparison.Ordinal)))
            {
                branches.Add(string.Join('|', await TextsAsync(id)));
            }

            Assert.Equal(chat.Branches.Order(StringComparer.Ordinal), branches.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public async Task An_import_whose_connection_is_lost_at_any_place_is_taken_up_again(int seed)
    {
        var random = new Random(seed);
        GeneratedChat[] chats =
        [
            .. Enumerable.Range(0, 10).Select(number => new GeneratedChat(random, FormattableString.Invariant($"i{seed}-{number}"))),
        ];
        string file = Write(chats, random);
        int runs = 0;
        int exitCode;
        do
        {
            int left = random.Next(1_500) + (runs * 100);
            var tool = new OmemTool(_tenant)
            {
                Between = inner => new LossyConnection(inner, count => Interlocked.Add(ref left, -count) < 0),
            };
            (exitCode, _, string error) = await tool.RunAsync("import", file, "--parallel", "3");
            Assert.DoesNotContain("fault of omem", error, StringComparison.Ordinal);
            runs++;
        } while (exitCode != ExitCodes.Done);

        Assert.True(runs > 1, "It was not interrupted.");
        await AssertShownAsync(chats);
        Assert.Equal(chats.Length, (await ListAsync()).Length);
    }

    [Fact]
    public async Task A_conversation_that_is_malformed_is_named_and_the_others_are_imported()
    {
        string file = Path.Combine(_folder, "conversations.json");
        await File.WriteAllTextAsync(
            file,
            """
            [{"conversation_id":"good","title":"t","current_node":"a","mapping":{"a":{"message":{"id":"a","author":{"role":"user"},"content":{"content_type":"text","parts":["hi"]}}}}},
             {"conversation_id":"circle","current_node":"a","mapping":{"a":{"parent":"b"},"b":{"parent":"a"}}},
             {"conversation_id":"lost","current_node":"x","mapping":{}},
             {"title":"nameless","mapping":{}}, 7, {"conversation_id":"none"},
             {"conversation_id":"silent","current_node":"a","mapping":{"a":{"message":{"id":"a"}}}},
             {"conversation_id":"../odd id","current_node":"a","mapping":{"a":{"message":{"id":"a","author":{"role":"user"},"content":{"content_type":"text","parts":["odd"]}}}}}]
            """
        );

        (int exitCode, string output, string error) = await new OmemTool(_tenant).RunAsync("import", file, "--json");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("6 part(s)", error, StringComparison.Ordinal);
        Assert.Equal(
            ["conversation 2", "conversation 3", "conversation 4", "conversation 5", "conversation 6", "conversation 7"],
            JsonDocument
                .Parse(output)
                .RootElement.GetProperty("failures")
                .EnumerateArray()
                .Select(static failure => failure.GetProperty("where").GetString())
        );
        Assert.Equal(2, (await ListAsync()).Length);
        Assert.Equal(["hi"], await TextsAsync("chatgpt-good"));
    }

    [Theory]
    [InlineData("--format", "letta")]
    [InlineData("--format", "omem")]
    [InlineData("--conversation", "one")]
    public async Task Options_that_do_not_fit_the_file_are_refused_before_anything_is_sent(params string[] options)
    {
        string file = Path.Combine(_folder, "conversations.json");
        await File.WriteAllTextAsync(file, Kinds);

        (int exitCode, _, string error) = await new OmemTool(_tenant).RunAsync(["import", file, .. options]);

        Assert.True(exitCode is ExitCodes.Usage or ExitCodes.Malformed, error);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Text_that_is_not_utf8_is_refused()
    {
        string file = Path.Combine(_folder, "conversations.json");
        await File.WriteAllBytesAsync(file, [.. "[{\"conversation_id\":\"a\",\"title\":\""u8, 0xFF, .. "\"}]"u8]);

        Assert.Equal(ExitCodes.Malformed, (await new OmemTool(_tenant).RunAsync("import", file)).ExitCode);
    }

    [Fact]
    public async Task A_conversation_of_somebody_else_or_with_other_messages_is_left_alone()
    {
        await _tenant.SendAsync("POST", "/v1/conversations/chatgpt-kinds/messages", """{"role":"user","content":"mine"}""");

        (int exitCode, string output, _) = await RunAsync(Kinds);

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("has other messages", output, StringComparison.Ordinal);
        Assert.Equal(["mine"], await TextsAsync("chatgpt-kinds"));
        Assert.Contains("somebody else", (await RunAsync(Kinds, "--user", "ana")).Output, StringComparison.Ordinal);
    }

    private static string Contents(JsonElement message) =>
        message.GetProperty("contents").GetRawText().Replace(",\"informationalOnly\":false", string.Empty, StringComparison.Ordinal);

    private static long Imported(JsonElement report, string what) => report.GetProperty("imported").GetProperty(what).GetInt64();

    private string Write(GeneratedChat[] chats, Random random)
    {
        JsonNode[] conversations = [.. chats.Select(static chat => chat.ToJson())];
        random.Shuffle(conversations);
        string file = Path.Combine(_folder, "generated.json");
        File.WriteAllText(
            file,
            new JsonArray(conversations).ToJsonString(new JsonSerializerOptions { WriteIndented = random.Next(2) == 0 })
        );
        return file;
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string json, params string[] arguments)
    {
        string file = Path.Combine(_folder, "conversations.json");
        File.WriteAllText(file, json);
        return new OmemTool(_tenant).RunAsync(["import", file, "--json", .. arguments]);
    }

    private async Task<JsonElement> ImportAsync(string json, params string[] arguments)
    {
        (int exitCode, string output, string error) = File.Exists(json)
            ? await new OmemTool(_tenant).RunAsync(["import", json, "--json", .. arguments])
            : await RunAsync(json, arguments);
        Assert.Equal((ExitCodes.Done, string.Empty), (exitCode, error));
        return JsonDocument.Parse(output).RootElement;
    }

    private async Task AssertShownAsync(GeneratedChat[] chats)
    {
        foreach (GeneratedChat chat in chats)
        {
            Assert.Equal(chat.Shown, await TextsAsync("chatgpt-" + chat.Id));
        }
    }

    private async Task<string[]> TextsAsync(string conversation) =>
        [
            .. (await ReadAsync(conversation))
                .GetProperty("messages")
                .EnumerateArray()
                .Select(static message => message.GetProperty("contents")[0].GetProperty("text").GetString()!),
        ];

    private async Task<string[]> ListAsync() =>
        [
            .. (await new OmemTool(_tenant).DoAsync("conversations", "--limit", "1000", "--json"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!),
        ];

    private Task<JsonElement> ReadAsync(string conversation) =>
        _tenant.Http.AskAsync(HttpStatusCode.OK, "GET", $"/v1/conversations/{conversation}/export");
}
