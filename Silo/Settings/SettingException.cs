namespace OrleansMemory.Silo.Settings;

/// <summary>A setting is wrong. The message names it and says what would be right; it does not repeat the value.</summary>
internal sealed class SettingException(string message, Exception? innerException = null) : Exception(message, innerException);
