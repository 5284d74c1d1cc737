package httpapi

import (
	"context"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/entente-ledger/entente/domain/es"
)

// mostTraced is how many commands are followed into the views at once.
const mostTraced = 64

// traceProjection follows what a command recorded until the views have it, as a span
// beside its answer, for which nobody waits. It does nothing unless the command is
// traced.
func (a *API) traceProjection(ctx context.Context, res es.Result) {
	if res.Position == 0 || res.Repeated || a.cfg.Views == nil || !trace.SpanFromContext(ctx).IsRecording() {
		return
	}
	select {
	case a.traced <- struct{}{}:
	default:
		return // enough are followed
	}
	ctx, span := a.cfg.Tracer.Start(context.WithoutCancel(ctx), "projection")
	go func() {
		defer func() {
			span.End()
			<-a.traced
		}()
		ctx, cancel := context.WithTimeout(ctx, mostWait)
		defer cancel()
		if err := a.cfg.Views.WaitFor(ctx, res.Position); err != nil {
			span.SetStatus(codes.Error, "not in the views in time")
		}
	}()
}
