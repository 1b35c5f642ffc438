using OrleansMemory.Cli;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Cli;

/// <summary>Files that are none, and silos that are none: an import says so at once, and in one line.</summary>
public sealed class ImportFileTests(SharedSilo silo) : IDisposable
{
    private readonly SiloTenant _tenant = silo.NewTenant();
    private readonly string _folder = Directory.CreateTempSubdirectory("omem").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("PK\u0003\u0004", "zip archive")]
    [InlineData("hello", "is none of the files")]
    [InlineData("{\"a\":1}", "is none of the files")]
    [InlineData("[{\"conversation_id\":\"a\",\"mapping\":{}},{\"conv", "conversation 2, behind byte")]
    [InlineData("[{\"conversation_id\":\"a\",\"mapping\":{}}", "conversation 2, behind byte")]
    [InlineData("[] []", "conversation 1, behind byte")]
    [InlineData("{\"export\":{\"format\":\"orleans-memory.tenant\",\"formatVersion\":1}}\n", "line 2: the file was cut")]
    [InlineData("{\"export\":{\"format\":\"orleans-memory.tenant\",\"formatVersion\":2}}\n", "line 1: exports of format version 1")]
    [InlineData("{\"export\":{\"format\":\"orleans-memory.tenant\"}}\n", "line 1: this is no line")]
    [InlineData("{\"export\":{\"format\":\"orleans-memory.tenant\",\"formatVersion\":1}}\n{\"message\":{}}\n", "line 2: a message follows")]
    [InlineData("{\"export\":{\"format\":\"orleans-memory.tenant\",\"formatVersion\":1}}\n{\"word\":{}}\n", "line 2: a line is one of")]
    [InlineData("{\"export\":{\"format\":\"orleans-memory.tenant\",\"formatVersion\":1}}\n{\"memory\":", "line 2: this is no line")]
    [InlineData(
        "{\"export\":{\"format\":\"orleans-memory.tenant\",\"formatVersion\":1}}\n{\"end\":{\"conversations\":1,\"messages\":0,\"entries\":0,\"memories\":0}}\n",
        "line 2: it says that there is more or less"
    )]
    [InlineData(
        "{\"export\":{\"format\":\"orleans-memory.tenant\",\"formatVersion\":1}}\n{\"end\":{\"conversations\":0,\"messages\":0,\"entries\":0,\"memories\":0}}\n\n",
        "line 3: this is no line"
    )]
    public async Task What_is_no_such_file_is_said_in_one_line_with_where(string text, string said)
    {
        string file = Path.Combine(_folder, "some.json");
        await File.WriteAllTextAsync(file, text);

        (int exitCode, _, string error) = await new OmemTool(_tenant).RunAsync("import", file);

        Assert.Equal(ExitCodes.Malformed, exitCode);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Contains(file, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Where_no_silo_has_ever_answered_nobody_waits_for_one()
    {
        string file = Path.Combine(_folder, "conversations.json");
        await File.WriteAllTextAsync(
            file,
            """[{"conversation_id":"a","current_node":"n","mapping":{"n":{"message":{"id":"n","author":{"role":"user"},"content":{"content_type":"text","parts":["hi"]}}}}}]"""
        );
        int calls = 0;
        var tool = new OmemTool(_tenant) { Between = inner => new LossyConnection(inner, _ => Interlocked.Increment(ref calls) > 0) };

        (int exitCode, _, string error) = await tool.RunAsync("import", file);

        Assert.Equal((ExitCodes.Unreachable, 1), (exitCode, calls));
        Assert.Contains("No silo answers", error, StringComparison.Ordinal);
    }
}
