using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tenants;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Tenants;

/// <summary>What a silo knows of tenants, and for how long.</summary>
public sealed class TenantDirectoryTests
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(30);

    private readonly TestClock _clock = new();
    private readonly TenantDirectory _directory;
    private Func<Task<TenantSettings>> _answer = () => Task.FromResult(Living(1));
    private int _reads;

    public TenantDirectoryTests()
    {
        ITenantGrain grain = DispatchProxy.Create<ITenantGrain, TenantStub>();
        ((TenantStub)(object)grain).Answer = () =>
        {
            _reads++;
            return _answer();
        };
        IGrainFactory factory = DispatchProxy.Create<IGrainFactory, OneGrainFactory>();
        ((OneGrainFactory)(object)factory).Grain = grain;
        var policies = new TenantPolicies(
            factory,
            Options.Create(new ConversationOptions { TenantSettingsAge = Age }),
            _clock,
            NullLogger<TenantPolicies>.Instance
        );
        _directory = new TenantDirectory(factory, policies, new TenantKeyDirectory());
    }

    [Fact]
    public async Task Settings_are_read_once_until_they_are_too_old()
    {
        Assert.Equal(Living(1).DefaultTimeToLive, (await _directory.GetAsync("t")).DefaultTimeToLive);
        _answer = () => Task.FromResult(Living(2));
        _clock.Advance(Age - TimeSpan.FromMilliseconds(1));
        Assert.Equal(Living(1).DefaultTimeToLive, (await _directory.GetAsync("t")).DefaultTimeToLive);
        Assert.Equal(1, _reads);

        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(Living(2).DefaultTimeToLive, (await _directory.GetAsync("t")).DefaultTimeToLive);
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Reading_now_and_setting_are_known_at_once()
    {
        await _directory.GetAsync("t");
        _answer = () => Task.FromResult(Living(2));

        await _directory.ReadAsync("t");
        Assert.Equal(Living(2).DefaultTimeToLive, (await _directory.GetAsync("t")).DefaultTimeToLive);
        _answer = () => Task.FromResult(Living(3));
        await _directory.SetAsync("t", Living(3));

        Assert.Equal(Living(3).DefaultTimeToLive, (await _directory.GetAsync("t")).DefaultTimeToLive);
        Assert.Equal(3, _reads);
    }

    [Fact]
    public async Task While_settings_cannot_be_read_the_last_known_hold_and_each_second_they_are_asked_for_again()
    {
        await _directory.GetAsync("t");
        _answer = () => throw new TimeoutException("away");
        _clock.Advance(Age);

        Assert.Equal(Living(1).DefaultTimeToLive, (await _directory.GetAsync("t")).DefaultTimeToLive);
        Assert.Equal(Living(1).DefaultTimeToLive, (await _directory.GetAsync("t")).DefaultTimeToLive);
        Assert.Equal(2, _reads);
        _answer = () => Task.FromResult(Living(2));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(Living(2).DefaultTimeToLive, (await _directory.GetAsync("t")).DefaultTimeToLive);
    }

    [Fact]
    public async Task Where_nothing_is_known_yet_and_nothing_can_be_read_the_caller_is_told_to_come_again()
    {
        _answer = () => throw new TimeoutException("away");

        MemoryUnavailableException failure = await Assert.ThrowsAsync<MemoryUnavailableException>(async () =>
            await _directory.GetAsync("t")
        );

        Assert.Equal(TimeSpan.FromSeconds(1), failure.RetryAfter);
        _answer = () => Task.FromResult(Living(2));
        Assert.Equal(Living(2).DefaultTimeToLive, (await _directory.GetAsync("t")).DefaultTimeToLive);
    }

    [Fact]
    public async Task An_answer_that_is_lost_holds_nobody_up_for_longer_than_two_seconds()
    {
        _answer = () => new TaskCompletionSource<TenantSettings>().Task;
        Task<TenantSettings> lost = _directory.GetAsync("t").AsTask();
        while (!lost.IsCompleted)
        {
            // The read begins on another thread, and its time with it.
            await Task.Delay(1);
            _clock.Advance(TimeSpan.FromSeconds(2));
        }

        await Assert.ThrowsAsync<MemoryUnavailableException>(() => lost);
        _answer = () => Task.FromResult(Living(2));
        Assert.Equal(Living(2).DefaultTimeToLive, (await _directory.GetAsync("t")).DefaultTimeToLive);
    }

    [Fact]
    public async Task Where_the_whole_process_stood_still_the_answer_has_another_second()
    {
        var answer = new TaskCompletionSource<TenantSettings>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = () => answer.Task;
        Task<TenantSettings> reading = _directory.GetAsync("t").AsTask();
        await _clock.WhenPendingAsync(1);

        _clock.Jump(TimeSpan.FromSeconds(10));
        await _clock.WhenPendingAsync(1);
        answer.SetResult(Living(1));

        Assert.Equal(Living(1).DefaultTimeToLive, (await reading).DefaultTimeToLive);
    }

    [Fact]
    public async Task All_who_need_settings_at_once_wait_for_one_read()
    {
        var gate = new TaskCompletionSource<TenantSettings>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = () => gate.Task;

        Task<TenantSettings>[] all = [.. Enumerable.Range(0, 20).Select(_ => _directory.GetAsync("t").AsTask())];
        gate.SetResult(Living(1));
        await Task.WhenAll(all);

        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task It_is_no_tenant_and_nobody_is_asked() =>
        await Assert.ThrowsAsync<InvalidRequestException>(async () => await _directory.GetAsync("no tenant"));

    private static TenantSettings Living(int minutes) =>
        new() { DefaultTimeToLive = new OrleansMemory.Conversations.TimeToLive { Duration = TimeSpan.FromMinutes(minutes) } };
}

/// <summary>A tenant's grain whose every method gives one answer.</summary>
public class TenantStub : DispatchProxy
{
    public Func<Task<TenantSettings>> Answer { get; set; } = null!;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Answer();
}
