package esdbwire

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/google/uuid"
	"google.golang.org/grpc/metadata"
)

// featuresService says what is served. Clients ask it before anything else.
type featuresService struct {
	serverfeatures.UnimplementedServerFeaturesServer
}

const streamsName = "event_store.client.streams.streams"

func (featuresService) GetSupportedMethods(context.Context, *shared.Empty) (*serverfeatures.SupportedMethods, error) {
	all := &serverfeatures.SupportedMethods{EventStoreServerVersion: serverVersion}
	for _, m := range []string{"read", "append", "delete", "tombstone"} {
		all.Methods = append(all.Methods, &serverfeatures.SupportedMethod{ServiceName: streamsName, MethodName: m, Features: []string{}})
	}
	all.Methods = append(all.Methods, persistentFeatures()...)
	return all, nil
}

// gossipService is the gossip of the only node there is, by the address under
// which it was asked.
type gossipService struct {
	gossip.UnimplementedGossipServer
	now func() time.Time
}

func (g gossipService) Read(ctx context.Context, _ *shared.Empty) (*gossip.ClusterInfo, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	host, port := "127.0.0.1", uint64(0)
	for _, authority := range md.Get(":authority") {
		if h, p, err := net.SplitHostPort(authority); err == nil {
			host = h
			port, _ = strconv.ParseUint(p, 10, 16) // 0 if it has none that is a number
		}
	}
	id := uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "esdb://%s:%d", host, port))
	return &gossip.ClusterInfo{Members: []*gossip.MemberInfo{{
		InstanceId: structuredUUID(id), TimeStamp: ticks(g.now()), State: gossip.MemberInfo_Leader, IsAlive: true,
		HttpEndPoint: &gossip.EndPoint{Address: host, Port: uint32(port)},
	}}}, nil
}
