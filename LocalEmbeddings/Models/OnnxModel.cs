using Microsoft.ML.OnnxRuntime;

namespace OrleansMemory.LocalEmbeddings.Models;

/// <summary>
/// A model in ONNX Runtime. It may be run by several threads at the same time, and is released when it is disposed and no one runs it any
/// more.
/// </summary>
internal sealed class OnnxModel : IDisposable
{
    private const string IdsInput = "input_ids";
    private const string MaskInput = "attention_mask";
    private const string KindsInput = "token_type_ids";
    private const string UsualOutput = "last_hidden_state";

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly string[] _inputs;
    private readonly string[] _output;
    private readonly EmbeddingPooling _pooling;
    private readonly Lock _using = new();
    private int _users;
    private bool _isDisposed;

    private OnnxModel(InferenceSession session, EmbeddingPooling pooling)
    {
        _session = session;
        _pooling = pooling;
        _inputs = [.. session.InputMetadata.Keys];
        string output = session.OutputMetadata.ContainsKey(UsualOutput) ? UsualOutput : session.OutputNames[0];
        _output = [output];
        int[] shape = session.OutputMetadata[output].Dimensions;
        if (
            !_inputs.Contains(IdsInput)
            || !_inputs.Contains(MaskInput)
            || _inputs.Except([IdsInput, MaskInput, KindsInput]).Any()
            || shape is not [_, _, > 0]
        )
        {
            throw new InvalidOperationException(
                $"It is not a model of BERT's kind: it takes {string.Join(", ", _inputs)} and gives {output} ({string.Join(" x ", shape)})."
            );
        }

        Dimensions = shape[2];
    }

    /// <summary>How many numbers a vector has.</summary>
    public int Dimensions { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="setup">How it is used.</param>
    /// <exception cref="InvalidOperationException">It is not a model that can be used.</exception>
    public static OnnxModel Load(LocalEmbeddingOptions options, ModelSetup setup)
    {
        using var session = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = setup.Threads,
            InterOpNumThreads = 1,
            EnableMemoryPattern = false, // it is for inputs of one size
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // what goes wrong is thrown
        };

        // A thread that has nothing to do leaves the processor to others.
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        InferenceSession? loaded = null;
        try
        {
            // A path, so that weights in files beside it are found.
            loaded = ModelProfile.Of(options.Model) is { } profile
                ? new InferenceSession(profile.ReadModel(), session)
                : new InferenceSession(options.ModelPath, session);
            return new OnnxModel(loaded, setup.Pooling);
        }
        catch (Exception failure)
        {
            loaded?.Dispose();
            throw new InvalidOperationException(
                $"The embedding model {options.ModelPath ?? options.Model.ToString()} cannot be loaded: {OneLine(failure)}",
                failure
            );
        }
    }

    /// <summary>Computes the vectors of a batch.</summary>
    /// <param name="batch">The texts.</param>
    /// <returns>A vector of length 1 for each text.</returns>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public float[][] Run(TokenBatch batch)
    {
        Enter();
        try
        {
            return Compute(batch);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The first line of what went wrong.</summary>
    public static string OneLine(Exception failure) => failure.Message.ReplaceLineEndings("\n").Split('\n')[0];

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_using)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            if (_users > 0)
            {
                // The last one who runs it releases it: native memory must not go away beneath it.
                return;
            }
        }

        Release();
    }

    private float[][] Compute(TokenBatch batch)
    {
        long[] shape = [batch.Count, batch.Length];
        using OrtValue ids = OrtValue.CreateTensorValueFromMemory(batch.Ids, shape);
        using OrtValue mask = OrtValue.CreateTensorValueFromMemory(batch.Mask, shape);
        using OrtValue kinds = OrtValue.CreateTensorValueFromMemory(new long[batch.Ids.Length], shape);
        OrtValue[] values =
        [
            .. _inputs.Select(name =>
                name switch
                {
                    IdsInput => ids,
                    MaskInput => mask,
                    _ => kinds,
                }
            ),
        ];
        using IDisposableReadOnlyCollection<OrtValue> states = _session.Run(_run, _inputs, values, _output);
        return TokenPooling.Pool(states[0].GetTensorDataAsSpan<float>(), batch, Dimensions, _pooling);
    }

    private void Enter()
    {
        lock (_using)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(LocalEmbeddingGenerator));
            _users++;
        }
    }

    private void Leave()
    {
        lock (_using)
        {
            _users--;
            if (!_isDisposed || _users > 0)
            {
                return;
            }
        }

        Release();
    }

    private void Release()
    {
        _session.Dispose();
        _run.Dispose();
    }
}
