namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>
/// What expires is there until its instant, and not from then on; where a silo's clock was off meanwhile, as much earlier or later as it
/// was off.
/// </summary>
internal static class ExpiryCheck
{
    // A silo reads its clock's file a little later on a busy machine.
    private static readonly TimeSpan Seen = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(50);

    /// <summary>Makes the check.</summary>
    /// <param name="history">What was seen.</param>
    public static IEnumerable<Violation> Run(History history)
    {
        Dictionary<(string, string), ShortLife> lives = history.Lives.ToDictionary(life => (life.Conversation, life.Key));
        foreach (Look look in history.Looks)
        {
            if (!lives.TryGetValue((look.Conversation, look.Key), out ShortLife? life))
            {
                continue;
            }

            TimeSpan off =
                Slack
                + history
                    .Clocks.Where(clock => clock.From <= look.Ended && clock.Until + Seen >= life.Sent)
                    .Select(clock => TimeSpan.FromSeconds(Math.Abs(clock.Seconds)))
                    .DefaultIfEmpty(TimeSpan.Zero)
                    .Max();
            if (look.Shown && look.Began > life.At + life.TimeToLive + off)
            {
                yield return new Violation(Checks.Expiry, Describe(look, life) + "it is shown");
            }
            else if (!look.Shown && look.Began > life.At && look.Ended < life.Sent + life.TimeToLive - off)
            {
                yield return new Violation(Checks.Expiry, Describe(look, life) + "it is hidden");
            }
        }
    }

    private static string Describe(Look look, ShortLife life) =>
        FormattableString.Invariant(
            $"{look.Conversation} {look.Key}: sent {Checks.Clock(life.Sent)}, acknowledged {Checks.Clock(life.At)} for {life.TimeToLive.TotalSeconds:0.00} s; asked at silo {look.Silo} from {Checks.Clock(look.Began)} to {Checks.Clock(look.Ended)}, "
        );
}
