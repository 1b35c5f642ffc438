using System.Text.Json;
using OrleansMemory.Client.Compatibility.MemoryStore;
using OrleansMemory.Client.Errors;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.MemoryStore;

/// <summary>What every store of sessions does. A store's file only says how it is made.</summary>
public abstract partial class MemoryStoreContract : IAsyncLifetime
{
    protected const string Session = "session";
    protected const string Flags = "flags";

    protected virtual ManualUtcClock Clock { get; } = new();

    protected IMemoryStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await MakeAsync();

    public abstract ValueTask DisposeAsync();

    protected abstract Task<IMemoryStore> MakeAsync();

    private sealed record Intent(string Name, IReadOnlyList<int> Steps);

    [Fact]
    public async Task What_was_saved_is_loaded()
    {
        await Store.SaveAsync(Session, Flags, "intent", new Intent("book", [1, 2]));
        await Store.SaveAsync(Session, Flags, "count", 3);
        await Store.SaveAsync(Session, Flags, "text", "\ud83d\ude00 \ud800 \0 <é>");

        Intent? intent = await Store.LoadAsync<Intent>(Session, Flags, "intent");
        Assert.Equal(("book", 2), (intent?.Name, intent?.Steps.Count));
        Assert.Equal(3, await Store.LoadAsync<int>(Session, Flags, "count"));
        Assert.Equal("\ud83d\ude00 \ud800 \0 <é>", await Store.LoadAsync<string>(Session, Flags, "text"));
    }

    [Fact]
    public async Task What_is_not_there_is_nothing()
    {
        await Store.SaveAsync(Session, Flags, "k", 1);

        Assert.Null(await Store.LoadAsync<string>("unknown", Flags, "k"));
        Assert.Null(await Store.LoadAsync<string>(Session, "unknown", "k"));
        Assert.Null(await Store.LoadAsync<int?>(Session, Flags, "unknown"));
        Assert.Equal(default, await Store.TryLoadAsync<int>(Session, Flags, "unknown"));
        Assert.Empty(await Store.GetAllAsync<int>("unknown", Flags));
        Assert.Empty(await Store.GetAllAsync<int>(Session, "unknown"));
    }

    [Fact]
    public async Task A_stored_null_is_told_from_nothing()
    {
        await Store.SaveAsync<string?>(Session, Flags, "null", null);

        Assert.Null(await Store.LoadAsync<string>(Session, Flags, "null"));
        Assert.Equal(new LoadedValue<string>(true, null), await Store.TryLoadAsync<string>(Session, Flags, "null"));
        Assert.Equal(new LoadedValue<string>(false, null), await Store.TryLoadAsync<string>(Session, Flags, "none"));
        Assert.Equal([new KeyValuePair<string, string?>("null", null)], await Store.GetAllAsync<string>(Session, Flags));
    }

    [Fact]
    public async Task Sessions_namespaces_and_keys_are_apart()
    {
        await Store.SaveAsync("a", "b", "c", 1);
        await Store.SaveAsync("a", "bc", "c", 2);
        await Store.SaveAsync("ab", "b", "c", 3);
        await Store.SaveAsync("a", "B", "c", 4);
        await Store.SaveAsync("a", "b", "C", 5);

        Dictionary<string, int> all = await Store.GetAllAsync<int>("a", "b");
        Assert.Equal([("C", 5), ("c", 1)], all.Select(pair => (pair.Key, pair.Value)).Order());
        Assert.Equal(3, await Store.LoadAsync<int>("ab", "b", "c"));
    }

    [Fact]
    public async Task A_dictionary_of_all_is_the_callers_own()
    {
        await Store.SaveAsync(Session, Flags, "list", new List<int> { 1 });

        Dictionary<string, List<int>?> all = await Store.GetAllAsync<List<int>>(Session, Flags);
        all["list"]!.Add(2);
        all.Clear();

        Assert.Equal([1], await Store.LoadAsync<List<int>>(Session, Flags, "list"));
    }

    [Fact]
    public async Task What_is_saved_later_does_not_follow_the_callers_object()
    {
        var list = new List<int> { 1 };
        await Store.SaveAsync(Session, Flags, "list", list);

        list.Add(2);

        Assert.Equal([1], await Store.LoadAsync<List<int>>(Session, Flags, "list"));
    }

    [Fact]
    public async Task Values_of_several_types_are_read_as_elements()
    {
        await Store.SaveAsync(Session, Flags, "a", 1);
        await Store.SaveAsync(Session, Flags, "b", "two");

        Dictionary<string, JsonElement> all = await Store.GetAllAsync<JsonElement>(Session, Flags);

        Assert.Equal(("1", "\"two\""), (all["a"].GetRawText(), all["b"].GetRawText()));
    }

    [Fact]
    public async Task A_value_of_another_type_is_an_error_without_its_content()
    {
        await Store.SaveAsync(Session, Flags, "secret-key", "secret-value");

        var failure = await Assert.ThrowsAsync<UnreadableValueException>(() => Store.LoadAsync<int>(Session, Flags, "secret-key"));

        Assert.Equal(typeof(int), failure.Requested);
        Assert.DoesNotContain("secret", failure.ToString().Split("   at ")[0], StringComparison.Ordinal);
        await Assert.ThrowsAsync<UnreadableValueException>(() => Store.GetAllAsync<Intent>(Session, Flags));
        Assert.Equal("secret-value", await Store.LoadAsync<string>(Session, Flags, "secret-key"));
    }

    [Fact]
    public async Task Removing_is_idempotent()
    {
        await Store.DeleteAsync("unknown", Flags, "k");
        await Store.SaveAsync(Session, Flags, "k", 1);
        await Store.SaveAsync(Session, Flags, "other", 2);

        await Store.DeleteAsync(Session, Flags, "k");
        await Store.DeleteAsync(Session, Flags, "k");

        Assert.False((await Store.TryLoadAsync<int>(Session, Flags, "k")).Found);
        Assert.Equal(2, await Store.LoadAsync<int>(Session, Flags, "other"));
    }

    // Test names are written in UTF-8, which has no unpaired surrogates: this word stands for one.
    private const string Unpaired = "unpaired surrogate";

    public static TheoryData<string?, string?, string?, string> BadAddresses() =>
        new()
        {
            { null, "n", "k", "sessionId" },
            { "", "n", "k", "sessionId" },
            { "a/b", "n", "k", "sessionId" },
            { new string('s', 257), "n", "k", "sessionId" },
            { "s", null, "k", "sessionNamespace" },
            { "s", "", "k", "sessionNamespace" },
            { "s", "\0", "k", "sessionNamespace" },
            { "s", Unpaired, "k", "sessionNamespace" },
            { "s", new string('n', 249), "k", "sessionNamespace" },
            { "s", "n", null, "key" },
            { "s", "n", "", "key" },
            { "s", "n", "a\0", "key" },
            { "s", "n", Unpaired, "key" },
            { "s", "n", new string('k', 1025), "key" },
        };

    [Theory]
    [MemberData(nameof(BadAddresses))]
    public async Task A_bad_address_is_refused_by_name(string? session, string? sessionNamespace, string? key, string parameter)
    {
        (sessionNamespace, key) = (
            sessionNamespace?.Replace(Unpaired, "\ud800", StringComparison.Ordinal),
            key?.Replace(Unpaired, "\udc00", StringComparison.Ordinal)
        );
        Func<Task>[] calls =
        [
            () => Store.SaveAsync(session!, sessionNamespace!, key!, 1),
            () => Store.LoadAsync<int>(session!, sessionNamespace!, key!),
            () => Store.TryLoadAsync<int>(session!, sessionNamespace!, key!),
            () => Store.DeleteAsync(session!, sessionNamespace!, key!),
        ];
        foreach (Func<Task> call in parameter == "key" ? calls : [.. calls, () => Store.GetAllAsync<int>(session!, sessionNamespace!)])
        {
            Assert.Equal(parameter, (await Assert.ThrowsAsync<InvalidRequestException>(call)).Parameter);
        }
    }

    [Fact]
    public async Task The_longest_names_are_taken()
    {
        (string session, string sessionNamespace, string key) = (new string('s', 256), new string('é', 124), new string('k', 1024));

        await Store.SaveAsync(session, sessionNamespace, key, 1);

        Assert.Equal(1, await Store.LoadAsync<int>(session, sessionNamespace, key));
    }

    [Fact]
    public async Task A_value_that_is_no_json_is_refused()
    {
        await Store.SaveAsync(Session, Flags, "k", 1);

        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => Store.SaveAsync<object>(Session, Flags, "k", (nint)1));

        Assert.Equal("value", failure.Parameter);
        Assert.Equal(1, await Store.LoadAsync<int>(Session, Flags, "k"));
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.SaveAsync(Session, Flags, "k", 1, null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.LoadAsync<int>(Session, Flags, "k", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.GetAllAsync<int>(Session, Flags, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.DeleteAsync(Session, Flags, "k", cancelled));
        Assert.False((await Store.TryLoadAsync<int>(Session, Flags, "k")).Found);
    }

    [Fact]
    public async Task Writers_of_different_keys_do_not_disturb_each_other()
    {
        const int Writers = 16;
        const int Writes = 20;
        using var start = new Gate();
        Task[] writers =
        [
            .. Enumerable
                .Range(0, Writers)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        await start.PassAsync();
                        for (int i = 0; i < Writes; i++)
                        {
                            await Store.SaveAsync(Session, Flags, FormattableString.Invariant($"{writer}.{i}"), i);
                        }
                    })
                ),
        ];
        for (int i = 0; i < Writers; i++)
        {
            await start.ArrivalAsync();
        }

        start.Open();
        await Task.WhenAll(writers).WithTimeout();

        Assert.Equal(Writers * Writes, (await Store.GetAllAsync<int>(Session, Flags)).Count);
    }

    [Fact]
    public async Task Writers_of_one_key_leave_one_whole_value_and_readers_see_whole_ones()
    {
        const int Writers = 8;
        await Store.SaveAsync(Session, Flags, "k", Enumerable.Repeat(-1, 50));
        using var start = new Gate();
        IEnumerable<Task> writers = Enumerable
            .Range(0, Writers)
            .Select(writer =>
                Task.Run(async () =>
                {
                    await start.PassAsync();
                    await Store.SaveAsync(Session, Flags, "k", Enumerable.Repeat(writer, 50));
                })
            );
        IEnumerable<Task> readers = Enumerable
            .Range(0, Writers)
            .Select(_ =>
                Task.Run(async () =>
                {
                    await start.PassAsync();
                    Assert.Single((await Store.LoadAsync<int[]>(Session, Flags, "k"))!.Distinct());
                })
            );
        Task[] all = [.. writers, .. readers];
        for (int i = 0; i < all.Length; i++)
        {
            await start.ArrivalAsync();
        }

        start.Open();
        await Task.WhenAll(all).WithTimeout();

        Assert.InRange(Assert.Single((await Store.LoadAsync<int[]>(Session, Flags, "k"))!.Distinct()), 0, Writers - 1);
    }
}
