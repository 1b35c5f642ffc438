namespace OrleansMemory.Cli.Chat;

/// <summary>The model gave no answer that can be kept.</summary>
/// <param name="message">What happened.</param>
/// <param name="innerException">The cause; <see langword="null"/> where there is none.</param>
internal sealed class ModelException(string message, Exception? innerException = null) : Exception(message, innerException);
