using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.OpenApi;

/// <summary>A client that NSwag generates from the OpenAPI document compiles, and works against a silo.</summary>
public sealed class NSwagClientTests(SharedSilo silo)
{
    // What is done with the generated client; it is compiled with it.
    private const string Tour = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Net.Http;
        using System.Text.Json;
        using System.Text.Json.Serialization;
        using System.Threading.Tasks;

        namespace Generated
        {
            // As docs/recall.md says: a name of a scope that is not set is left out.
            public partial class MemoryClient
            {
                static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) => settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            }

            public static class Tour
            {
                public static async Task<string> RunAsync(HttpClient http)
                {
                    var client = new MemoryClient(http);
                    await client.PutConversationAsync("trip:1", null, new SettingsBody { UserId = "ana", Metadata = new Dictionary<string, object> { ["channel"] = "web", ["nights"] = 7 } });
                    await client.PutConversationAsync("other", null, new SettingsBody { UserId = "ana", Metadata = new Dictionary<string, object> { ["channel"] = "phone" } });
                    ReceiptDocument receipt = await client.CommitTurnAsync("trip:1", "turn-1", new TurnBody
                    {
                        Messages = new[] { new MessageBody { Role = "user", Content = "Find me a hotel." }, new MessageBody { Role = "assistant", Content = "Where?" } },
                        Globals = new Dictionary<string, object> { ["city"] = "Lisbon" },
                    });
                    ReceiptDocument again = await client.CommitTurnAsync("trip:1", "turn-1", new TurnBody
                    {
                        Messages = new[] { new MessageBody { Role = "user", Content = "Find me a hotel." }, new MessageBody { Role = "assistant", Content = "Where?" } },
                        Globals = new Dictionary<string, object> { ["city"] = "Lisbon" },
                    });
                    long last = (await client.AppendMessagesAsync("trip:1", null, new MessageBody { Role = "user", Content = "In Lisbon." })).LastSequence.Value;
                    MessagePageDocument page = await client.GetMessagesAsync("trip:1", 2, null, null, null, "desc", null);
                    ConversationListDocument list = await client.ListConversationsAsync("ana", null, new[] { "channel=web", "nights=7" }, null, null, null);
                    await client.PutEntryAsync("trip:1", "notes", "budget", 60, null, new { euros = 900 });
                    RecordedDocument recorded = await client.RecordMemoriesAsync(null, new RecordBody { User = "ana", Contents = new[] { "Prefers quiet rooms." } });
                    RecallDocument recalled = await client.RecallMemoriesAsync(new RecallBody { User = "ana", Query = "Which rooms?" });
                    string code;
                    try
                    {
                        await client.GetConversationAsync("unknown");
                        code = "none";
                    }
                    catch (ApiException<ProblemDocument> refused)
                    {
                        code = refused.Result.Code;
                    }

                    return string.Join("|", receipt.Version, receipt.LastSequence, again.Replayed, last, string.Join(",", page.Messages.Select(message => message.Sequence)),
                        string.Join(",", list.Conversations.Select(conversation => conversation.Id)), recorded.MemoryIds.Count, recalled.Memories.First().Memory.Text, code);
                }
            }
        }
        """;

    [Fact]
    public async Task It_compiles_and_works()
    {
        SiloTenant app = silo.NewTenant();
        string source = await GenerateAsync(await app.Http.GetStringAsync("/openapi/v1.json"));

        Assembly client = Compile(source);

        MethodInfo tour = client.GetType("Generated.Tour")!.GetMethod("RunAsync")!;
        Assert.Equal(
            "2|2|True|3|3,2|trip:1|1|Prefers quiet rooms.|conversation-not-found",
            await (Task<string>)tour.Invoke(null, [app.Http])!
        );
    }

    [Fact]
    public async Task With_Newtonsoft_Json_it_leaves_out_the_names_of_a_scope_that_are_not_set()
    {
        string source = await GenerateAsync(
            await silo.NewTenant().Http.GetStringAsync("/openapi/v1.json"),
            CSharpJsonLibrary.NewtonsoftJson
        );

        foreach (string type in (string[])["RecallBody", "RecordBody"])
        {
            string body = source[source.IndexOf($"class {type}", StringComparison.Ordinal)..];
            foreach (string name in (string[])["agent", "user", "session"])
            {
                string attribute = body[body.IndexOf($"JsonProperty(\"{name}\"", StringComparison.Ordinal)..];
                Assert.Contains(
                    "NullValueHandling.Ignore",
                    attribute[..attribute.IndexOf('\n', StringComparison.Ordinal)],
                    StringComparison.Ordinal
                );
            }
        }
    }

    private static async Task<string> GenerateAsync(string json, CSharpJsonLibrary library = CSharpJsonLibrary.SystemTextJson)
    {
        var settings = new CSharpClientGeneratorSettings { ClassName = "MemoryClient" };
        settings.CSharpGeneratorSettings.Namespace = "Generated";
        settings.CSharpGeneratorSettings.JsonLibrary = library;
        return new CSharpClientGenerator(await OpenApiDocument.FromJsonAsync(json), settings).GenerateFile();
    }

    private static Assembly Compile(string source)
    {
        string[] platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "GeneratedClient",
            [CSharpSyntaxTree.ParseText(source), CSharpSyntaxTree.ParseText(Tour)],
            [
                .. platform
                    .Where(static path =>
                        Path.GetFileName(path) is { } name
                        && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll")
                    )
                    .Select(static path => MetadataReference.CreateFromFile(path)),
            ],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
        );
        using var program = new MemoryStream();
        EmitResult result = compilation.Emit(program);
        Assert.True(
            result.Success,
            string.Join(
                '\n',
                result
                    .Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                    .Take(20)
                    .Select(static diagnostic => diagnostic.ToString())
            )
        );
        program.Position = 0;
        return new AssemblyLoadContext("GeneratedClient", isCollectible: true).LoadFromStream(program);
    }
}
