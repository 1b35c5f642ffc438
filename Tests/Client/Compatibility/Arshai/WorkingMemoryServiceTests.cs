using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Errors;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.Arshai;

public sealed class WorkingMemoryServiceTests
{
    private const string Id = "conv_123";

    private readonly InMemoryManager _manager = new();
    private readonly WorkingMemoryService _service;

    public WorkingMemoryServiceTests() => _service = new WorkingMemoryService(_manager);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("unknown")]
    public async Task Without_a_conversation_or_a_memory_there_is_the_initial_one(string? id)
    {
        Assert.Equal(WorkingMemory.InitializeMemory(), await _service.RetrieveWorkingMemoryAsync(id));
        Assert.Empty(_manager.Storage);
    }

    [Fact]
    public async Task Working_memory_is_stored_read_updated_and_removed()
    {
        string key = await _service.StoreWorkingMemoryAsync(Id, new WorkingMemory("one"), new Dictionary<string, object?> { ["k"] = 1 });
        Assert.Equal("memory:WORKING_MEMORY:conv_123", key);
        Assert.Equal("one", (await _service.RetrieveWorkingMemoryAsync(Id)).Text);

        await _service.UpdateWorkingMemoryAsync(Id, new WorkingMemory("two"));
        Assert.Equal(("two", 1), (_manager.Storage[key].Memory.Text, _manager.Storage[key].Metadata["k"].GetInt32()));

        await _service.DeleteWorkingMemoryAsync(Id);
        Assert.Equal(WorkingMemory.InitializeMemory(), await _service.RetrieveWorkingMemoryAsync(Id));
    }

    public static TheoryData<object?, string> OtherData() =>
        new()
        {
            {
                new Dictionary<string, object> { ["user"] = "Zoë", ["likes"] = new[] { 1, 2 } },
                "{\n  \"user\": \"Zoë\",\n  \"likes\": [\n    1,\n    2\n  ]\n}"
            },
            { "plain", "\"plain\"" },
            { null, "null" },
            { new Unwritable(), "as text" },
        };

    [Theory]
    [MemberData(nameof(OtherData))]
    public async Task Other_data_is_written_as_json_or_as_its_text(object? data, string text)
    {
        await _service.StoreWorkingMemoryAsync(Id, data);

        Assert.Equal(text, (await _service.RetrieveWorkingMemoryAsync(Id)).Text);
    }

    [Fact]
    public async Task Null_is_no_update_and_a_bad_id_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => _service.UpdateWorkingMemoryAsync(Id, null!));
        await Assert.ThrowsAsync<InvalidRequestException>(() => _service.StoreWorkingMemoryAsync("a/b", new WorkingMemory("x")));
    }

    private sealed class Unwritable
    {
        public nint Handle { get; } = 1;

        public override string ToString() => "as text";
    }
}
