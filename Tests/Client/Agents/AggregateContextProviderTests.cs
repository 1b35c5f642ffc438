using Microsoft.Extensions.AI;
using OrleansMemory.Client.Agents;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Agents;

public sealed class AggregateContextProviderTests
{
    private static readonly ChatMessage[] Input = [new ChatMessage(ChatRole.User, "?")];

    [Fact]
    public async Task What_providers_add_is_put_together_in_their_order()
    {
        using var gate = new Gate();
        AITool tool1 = Tool("t1"), tool2 = Tool("t2");
        var slow = ScriptedProvider.Giving(new Context { Instructions = "first.", Messages = [Of("m1")], Tools = [tool1] });
        Func<Task<Context>> answer = slow.OnInvoking;
        slow.OnInvoking = async () =>
        {
            await gate.PassAsync();
            return await answer();
        };
        var fast = ScriptedProvider.Giving(new Context { Instructions = "second.", Messages = [Of("m2"), Of("m3")], Tools = [tool2] });
        fast.OnInvoking = Opening(gate, fast.OnInvoking);

        Context context = await new AggregateContextProvider([slow, new ScriptedProvider(), fast]).InvokingAsync(Input);

        // The slow one could only answer because the fast one ran beside it.
        Assert.Equal("first.second.", context.Instructions);
        Assert.Equal(["m1", "m2", "m3"], context.Messages.Select(message => message.Text));
        Assert.Equal([tool1, tool2], context.Tools.AsEnumerable());
    }

    [Fact]
    public async Task None_at_all_adds_nothing()
    {
        foreach (AggregateContextProvider none in (AggregateContextProvider[])[new(), new((IEnumerable<ContextProvider>?)null), new([])])
        {
            Context context = await none.InvokingAsync(Input);
            Assert.Equal((string.Empty, 0, 0), (context.Instructions, context.Messages.Length, context.Tools.Length));
            await none.ThreadCreatedAsync("t");
            await none.InvokedAsync(Input, Input, null);
            Assert.Empty(none.Providers);
        }
    }

    [Fact]
    public async Task One_a_list_and_those_added_later_are_all_called()
    {
        ScriptedProvider one = new(), two = new(), three = new();
        var list = new List<ContextProvider> { one, two };
        var aggregate = new AggregateContextProvider(list);
        aggregate.Add(three);
        Assert.Equal(2, list.Count);
        Assert.Equal([one, two, three], aggregate.Providers);
        Assert.Equal([one], new AggregateContextProvider(one).Providers);

        await aggregate.ThreadCreatedAsync("t");
        await aggregate.InvokingAsync(Input);
        await aggregate.InvokedAsync(Input, [Of("!")], null);
        await aggregate.InvokedAsync(Input, null, new TimeoutException());
        Assert.All((ScriptedProvider[])[one, two, three], provider => Assert.Equal(
            ["created t", "invoking ?", "invoked ? -> !", "invoked ? -> TimeoutException"], provider.Calls));
    }

    [Fact]
    public async Task When_several_fail_all_are_waited_for_and_the_first_in_order_is_thrown()
    {
        using var gate = new Gate();
        bool ended = false;
        var slow = new ScriptedProvider
        {
            OnInvoking = async () =>
            {
                await gate.PassAsync();
                throw new TimeoutException("first");
            },
        };
        var atOnce = new ScriptedProvider { OnInvoking = () => throw new InvalidOperationException("second") };
        var last = new ScriptedProvider();
        last.OnInvoking = Opening(gate, () =>
        {
            ended = true;
            return Task.FromResult(Context.Empty);
        });

        var failure = await Assert.ThrowsAsync<TimeoutException>(async () => await new AggregateContextProvider([slow, atOnce, last]).InvokingAsync(Input));

        Assert.Equal("first", failure.Message);
        Assert.True(ended);
    }

    [Fact]
    public async Task Every_hook_fails_when_one_provider_does()
    {
        var failing = new ScriptedProvider { OnThreadCreated = () => throw new TimeoutException(), OnInvoked = () => throw new TimeoutException() };
        var other = new ScriptedProvider();
        var aggregate = new AggregateContextProvider([failing, other]);
        await Assert.ThrowsAsync<TimeoutException>(async () => await aggregate.ThreadCreatedAsync(null));
        await Assert.ThrowsAsync<TimeoutException>(async () => await aggregate.InvokedAsync(Input, Input, null));
        Assert.Equal(2, other.Calls.Count);
    }

    [Fact]
    public async Task Disposing_disposes_of_every_provider_once_the_last_one_first()
    {
        var order = new List<int>();
        ScriptedProvider[] providers =
        [
            .. Enumerable.Range(0, 3).Select(i => new ScriptedProvider
            {
                OnDispose = () =>
                {
                    order.Add(i);
                    return i == 1 ? Task.FromException(new TimeoutException()) : Task.CompletedTask;
                },
            }),
        ];
        var aggregate = new AggregateContextProvider(providers);
        await Assert.ThrowsAsync<TimeoutException>(async () => await aggregate.DisposeAsync());
        await aggregate.DisposeAsync();
        Assert.Equal([2, 1, 0], order);
    }

    [Fact]
    public void Nulls_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new AggregateContextProvider([new ScriptedProvider(), null!]));
        Assert.Throws<ArgumentNullException>(() => new AggregateContextProvider((ContextProvider)null!));
        Assert.Throws<ArgumentNullException>(() => new AggregateContextProvider().Add(null!));
    }

    private static ChatMessage Of(string text) => new(ChatRole.System, text);

    private static AIFunction Tool(string name) => AIFunctionFactory.Create(() => 1, name);

    private static Func<Task<Context>> Opening(Gate gate, Func<Task<Context>> then) => async () =>
    {
        await gate.ArrivalAsync();
        gate.Open();
        return await then();
    };
}
