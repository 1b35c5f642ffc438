namespace OrleansMemory.Cli.Load;

/// <summary>What a load is.</summary>
/// <param name="Callers">How many callers at once.</param>
/// <param name="Turns">How many turns each of them commits; <see langword="null"/> for as many as there is time for.</param>
/// <param name="Time">How long, where there is no number of turns.</param>
/// <param name="Bytes">How long a message is.</param>
/// <param name="Keeps">Whether the conversations stay.</param>
internal sealed record LoadPlan(int Callers, int? Turns, TimeSpan Time, int Bytes, bool Keeps);
